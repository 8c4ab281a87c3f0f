#define _GNU_SOURCE
#include "tree.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTERFACES = 12, LONGEST_OID = 640, LONGEST_VALUE = 65000 };

static uint64_t arc_at(const uint8_t *octets, int place, int size)
{
    uint64_t arc = 0;
    do
        arc = arc << 7 | (octets[place] & 0x7F);
    while (octets[place++] & 0x80 && place < size);
    return arc;
}

/* In the order of OIDs: octet by octet while they are equal, then the sub-identifiers that differ. */
static int compare(const uint8_t *a, int a_size, const uint8_t *b, int b_size)
{
    int i = 0, shorter = a_size < b_size ? a_size : b_size;
    while (i < shorter && a[i] == b[i])
        i++;
    if (i == shorter)
        return a_size - b_size;
    while (i > 0 && a[i - 1] & 0x80)
        i--;
    return arc_at(a, i, a_size) < arc_at(b, i, b_size) ? -1 : 1;
}

static int compare_objects(const void *a, const void *b)
{
    const Object *x = a, *y = b;
    return compare(x->oid, x->oid_size, y->oid, y->oid_size);
}

static uint8_t *kept(const void *octets, int size)
{
    uint8_t *copy = malloc(size ? (size_t)size : 1);
    memcpy(copy, octets, (size_t)size);
    return copy;
}

static Object *add(Tree *tree, const char *oid, uint8_t tag, Source source)
{
    uint8_t octets[LONGEST_OID];
    int size = encode_oid(oid, octets, LONGEST_OID);
    if (size < 1)
        return NULL;
    if (tree->count == tree->room) {
        tree->room = tree->room ? 2 * tree->room : 256;
        tree->objects = realloc(tree->objects, sizeof(Object) * (size_t)tree->room);
    }
    Object *object = &tree->objects[tree->count++];
    *object = (Object){.oid = kept(octets, size), .oid_size = size, .tag = tag, .source = source};
    return object;
}

static void add_number(Tree *tree, const char *column, int index, uint8_t tag, uint64_t base, double per_second)
{
    char oid[64];
    snprintf(oid, sizeof oid, "1.3.6.1.2.1.%s.%d", column, index);
    Object *object = add(tree, oid, tag, per_second > 0 ? GROWING : FIXED_NUMBER);
    object->base = base;
    object->per_second = per_second;
}

static void add_text(Tree *tree, const char *column, int index, const char *text)
{
    char oid[64];
    snprintf(oid, sizeof oid, "1.3.6.1.2.1.%s.%d", column, index);
    Object *object = add(tree, oid, OCTETS, FIXED_OCTETS);
    object->size = (int)strlen(text);
    object->octets = kept(text, object->size);
}

static void add_interface(Tree *tree, int i)
{
    char name[32];
    snprintf(name, sizeof name, i == 1 ? "sfp-sfpplus%d" : "ether%d", i);
    uint64_t n = (uint64_t)i;
    add_number(tree, "2.2.1.1", i, INTEGER, n, 0);
    add_text(tree, "2.2.1.2", i, name);
    add_number(tree, "2.2.1.3", i, INTEGER, 6, 0);
    add_number(tree, "2.2.1.7", i, INTEGER, 1, 0);
    add_number(tree, "2.2.1.8", i, INTEGER, i < 9 ? 1 : 2, 0);
    add_number(tree, "2.2.1.10", i, COUNTER32, n * 100000000, 1.2e7 + 1e6 * i);
    add_number(tree, "2.2.1.16", i, COUNTER32, n * 200000000, 1.2e6 + 1e6 * i);
    add_number(tree, "2.2.1.13", i, COUNTER32, n * 3, 0);
    add_number(tree, "2.2.1.14", i, COUNTER32, n * 7, 0);
    add_number(tree, "2.2.1.19", i, COUNTER32, n * 2, 0);
    add_number(tree, "2.2.1.20", i, COUNTER32, n * 5, 0);
    add_text(tree, "31.1.1.1.1", i, name);
    /* The last one counts above 2^63, where signed and floating point readers go wrong. */
    add_number(tree, "31.1.1.1.6", i, COUNTER64, i == INTERFACES ? 0xF000000000000000 : n * 123456789012, 1.2e7 + 1e6 * i);
    add_number(tree, "31.1.1.1.10", i, COUNTER64, n * 223456789012, 1.2e6 + 1e6 * i);
    add_number(tree, "31.1.1.1.15", i, GAUGE32, i == 1 ? 10000 : 1000, 0);
    add_number(tree, "31.1.1.1.19", i, TIMETICKS, 0, 0);
}

Tree *tree_of_router(void)
{
    Tree *tree = calloc(1, sizeof *tree);
    add_text(tree, "1.1", 0, "RouterOS RB5009UG+S+ (bench target)");
    Object *identity = add(tree, "1.3.6.1.2.1.1.2.0", OID, FIXED_OCTETS);
    uint8_t octets[32];
    identity->size = encode_oid("1.3.6.1.4.1.14988.1", octets, sizeof octets);
    identity->octets = kept(octets, identity->size);
    add(tree, "1.3.6.1.2.1.1.3.0", TIMETICKS, UPTIME);
    add(tree, "1.3.6.1.2.1.1.5.0", OCTETS, NAME);
    add_number(tree, "2.1", 0, INTEGER, INTERFACES, 0);
    for (int i = 1; i <= INTERFACES; i++)
        add_interface(tree, i);
    qsort(tree->objects, (size_t)tree->count, sizeof(Object), compare_objects);
    return tree;
}

static int unhex(const char *text, uint8_t *octets)
{
    int size = 0;
    unsigned pair;
    while (size < LONGEST_VALUE && sscanf(text, "%2x", &pair) == 1 && text[0] && text[1]) {
        octets[size++] = (uint8_t)pair;
        text += 2;
    }
    return size;
}

static void set_variation(Object *object, const char *arguments)
{
    const char *rate = strstr(arguments, "rate="), *initial = strstr(arguments, "initial=");
    object->source = GROWING;
    object->per_second = rate ? strtod(rate + 5, NULL) : 0;
    object->base = initial ? strtoull(initial + 8, NULL, 10) : 0;
}

static bool set_value(Object *object, bool hexadecimal, const char *text)
{
    static uint8_t octets[LONGEST_VALUE];
    int size = 0;
    if (object->tag == INTEGER || object->tag == COUNTER32 || object->tag == GAUGE32 || object->tag == TIMETICKS ||
        object->tag == COUNTER64) {
        object->source = FIXED_NUMBER;
        object->base = text[0] == '-' ? (uint64_t)strtoll(text, NULL, 10) : strtoull(text, NULL, 10);
        return true;
    }
    if (hexadecimal)
        size = unhex(text, octets);
    else if (object->tag == OID)
        size = encode_oid(text, octets, LONGEST_VALUE);
    else if (object->tag == IP_ADDRESS)
        size = inet_pton(AF_INET, text, octets) == 1 ? 4 : -1;
    else
        memcpy(octets, text, (size_t)(size = (int)strnlen(text, LONGEST_VALUE)));
    if (size < 0)
        return false;
    object->octets = kept(octets, object->size = size);
    return true;
}

/* OID|tag[x][:variation]|value, one object a line, as snmpsim writes it. Lines that cannot be read are left out. */
static void add_line(Tree *tree, char *line)
{
    line[strcspn(line, "\r\n")] = 0;
    char *kind = strchr(line, '|');
    char *value = kind ? strchr(kind + 1, '|') : NULL;
    if (!value)
        return;
    *kind++ = *value++ = 0;
    char *after;
    Object *object = add(tree, line, (uint8_t)strtoul(kind, &after, 10), FIXED_OCTETS);
    if (!object)
        return;
    if (strncmp(after, ":numeric", 8) == 0)
        set_variation(object, value);
    else if (!set_value(object, *after == 'x', value))
        tree->count--;
}

Tree *tree_of_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    Tree *tree = calloc(1, sizeof *tree);
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, file) > 0)
        add_line(tree, line);
    free(line);
    fclose(file);
    qsort(tree->objects, (size_t)tree->count, sizeof(Object), compare_objects);
    return tree;
}

int tree_find(const Tree *tree, Span oid, bool *exact)
{
    int low = 0, high = tree->count;
    *exact = false;
    while (low < high) {
        int middle = (low + high) / 2;
        const Object *object = &tree->objects[middle];
        int order = compare(object->oid, object->oid_size, oid.at, span_size(oid));
        if (order == 0)
            *exact = true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool append_content(Message *message, const Object *object, uint32_t address, double uptime_seconds)
{
    uint64_t number = object->base;
    char name[32];
    switch (object->source) {
    case FIXED_OCTETS:
        return append_value(message, object->tag, object->octets, object->size);
    case NAME:
        snprintf(name, sizeof name, "rb-%u-%u-%u-%u", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
        return append_value(message, OCTETS, (uint8_t *)name, (int)strlen(name));
    case UPTIME:
        number = (uint32_t)(uptime_seconds * 100 + (address & 0xFFFF) * 100.0);
        break;
    case GROWING:
        number += (uint64_t)(object->per_second * uptime_seconds);
        break;
    case FIXED_NUMBER:
        break;
    }
    if (object->tag == INTEGER)
        return append_signed(message, INTEGER, (int64_t)number);
    return append_unsigned(message, object->tag, object->tag == COUNTER64 ? number : (uint32_t)number);
}

static bool close_varbind(Message *message, uint8_t *start, bool fits)
{
    int size = (int)(message->last - start);
    int more = size < 0x80 ? 2 : size < 0x100 ? 3 : 4;
    if (!fits || message->limit - message->last < more) {
        message->last = start;
        return false;
    }
    memmove(start + more, start, (size_t)size);
    message->last += more;
    Message header = {start + more, start + more + size, message->limit};
    prepend_header(&header, SEQUENCE);
    return true;
}

/* False, and nothing appended, if it does not fit any more. */
bool append_object(Message *message, const Object *object, uint32_t address, double uptime_seconds)
{
    uint8_t *start = message->last;
    bool fits = append_value(message, OID, object->oid, object->oid_size) &&
                append_content(message, object, address, uptime_seconds);
    return close_varbind(message, start, fits);
}

bool append_exception(Message *message, Span oid, uint8_t tag)
{
    uint8_t *start = message->last;
    bool fits = append_value(message, OID, oid.at, span_size(oid)) && append_value(message, tag, NULL, 0);
    return close_varbind(message, start, fits);
}
