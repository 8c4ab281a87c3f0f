#include "wire.h"

#include <stdlib.h>
#include <string.h>

bool read_tlv(Span *from, uint8_t *tag, Span *content)
{
    if (span_size(*from) < 2)
        return false;
    *tag = *from->at++;
    long size = *from->at++;
    if (size & 0x80) {
        int more = size & 0x7F;
        if (more > 3 || span_size(*from) < more)
            return false;
        for (size = 0; more; more--)
            size = size << 8 | *from->at++;
    }
    if (size > span_size(*from))
        return false;
    content->at = from->at;
    content->end = from->at += size;
    return true;
}

bool read_expected(Span *from, uint8_t tag, Span *content)
{
    uint8_t found;
    return read_tlv(from, &found, content) && found == tag;
}

bool read_integer(Span *from, int64_t *number)
{
    Span content;
    if (!read_expected(from, INTEGER, &content) || span_size(content) < 1 || span_size(content) > 8)
        return false;
    uint64_t value = *content.at & 0x80 ? ~0ull : 0;
    while (content.at < content.end)
        value = value << 8 | *content.at++;
    *number = (int64_t)value;
    return true;
}

void start_message(Message *message, uint8_t *buffer, int front, int size)
{
    message->first = message->last = buffer + front;
    message->limit = buffer + size;
}

static int write_length(uint8_t *at, int size)
{
    if (size < 0x80) {
        at[0] = (uint8_t)size;
        return 1;
    }
    if (size < 0x100) {
        at[0] = 0x81;
        at[1] = (uint8_t)size;
        return 2;
    }
    at[0] = 0x82;
    at[1] = (uint8_t)(size >> 8);
    at[2] = (uint8_t)size;
    return 3;
}

bool append_value(Message *message, uint8_t tag, const uint8_t *content, int size)
{
    if (size > 0xFFFF || message->limit - message->last < size + 4)
        return false;
    *message->last++ = tag;
    message->last += write_length(message->last, size);
    memcpy(message->last, content, (size_t)size);
    message->last += size;
    return true;
}

bool append_unsigned(Message *message, uint8_t tag, uint64_t number)
{
    uint8_t octets[9] = {0};
    for (int i = 8; i > 0; i--, number >>= 8)
        octets[i] = (uint8_t)number;
    int skip = 0;
    while (skip < 8 && !octets[skip] && !(octets[skip + 1] & 0x80))
        skip++;
    return append_value(message, tag, octets + skip, 9 - skip);
}

static int signed_octets(int64_t number, uint8_t *octets)
{
    for (int i = 7; i >= 0; i--, number >>= 8)
        octets[i] = (uint8_t)number;
    int skip = 0;
    while (skip < 7 && octets[skip] == (octets[skip + 1] & 0x80 ? 0xFF : 0))
        skip++;
    return skip;
}

bool append_signed(Message *message, uint8_t tag, int64_t number)
{
    uint8_t octets[8];
    int skip = signed_octets(number, octets);
    return append_value(message, tag, octets + skip, 8 - skip);
}

void prepend_octets(Message *message, const uint8_t *octets, int size)
{
    message->first -= size;
    memcpy(message->first, octets, (size_t)size);
}

void prepend_header(Message *message, uint8_t tag)
{
    uint8_t header[4] = {tag};
    int size = 1 + write_length(header + 1, (int)(message->last - message->first));
    prepend_octets(message, header, size);
}

void prepend_string(Message *message, const uint8_t *octets, int size)
{
    uint8_t header[4] = {OCTETS};
    prepend_octets(message, octets, size);
    prepend_octets(message, header, 1 + write_length(header + 1, size));
}

void prepend_integer(Message *message, int64_t number)
{
    uint8_t octets[8], header[2] = {INTEGER};
    int skip = signed_octets(number, octets);
    header[1] = (uint8_t)(8 - skip);
    prepend_octets(message, octets + skip, 8 - skip);
    prepend_octets(message, header, 2);
}

int encode_oid(const char *dotted, uint8_t *octets, int room)
{
    int size = 0, place = 0;
    uint64_t first = 0;
    while (*dotted == '.')
        dotted++;
    while (*dotted) {
        char *rest;
        uint64_t arc = strtoull(dotted, &rest, 10);
        if (rest == dotted)
            return -1;
        dotted = *rest == '.' ? rest + 1 : rest;
        if (place++ == 0) {
            first = arc;
            continue;
        }
        if (place == 2)
            arc += 40 * first;
        int groups = 1;
        while (groups < 10 && arc >> (7 * groups))
            groups++;
        if (size + groups > room)
            return -1;
        while (groups--)
            octets[size++] = (uint8_t)((arc >> (7 * groups) & 0x7F) | (groups ? 0x80 : 0));
    }
    return size;
}
