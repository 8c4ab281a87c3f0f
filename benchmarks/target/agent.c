#include "agent.h"

#include <string.h>

enum { FRONT = 512, ROOM = 65536, WRAPPING = 160, MOST_REPEATERS = 256, TOO_BIG = 1 };

static uint8_t buffer[FRONT + ROOM];

typedef struct {
    const Agent *agent;
    const Tree *tree;
    uint32_t address;
    double uptime;
    int last; /* place of the object answered last: the one behind it is often asked next */
} Asked;

static int after(const Asked *asked, Span oid)
{
    bool exact;
    int place = tree_find(asked->tree, oid, &exact);
    if (!exact)
        return place;
    if (asked->agent->looping && place > 0 && place + 1 < asked->tree->count)
        return place - 1;
    return place + 1;
}

static bool is_at(const Tree *tree, int place, Span oid)
{
    return place < tree->count && tree->objects[place].oid_size == span_size(oid) &&
           memcmp(tree->objects[place].oid, oid.at, (size_t)span_size(oid)) == 0;
}

static bool append_get(Asked *asked, Message *message, Span oid)
{
    bool exact = true;
    int place = asked->last + 1;
    if (!is_at(asked->tree, place, oid))
        place = tree_find(asked->tree, oid, &exact);
    if (!exact)
        return append_exception(message, oid, NO_SUCH_INSTANCE);
    asked->last = place;
    return append_object(message, &asked->tree->objects[place], asked->address, asked->uptime);
}

static bool append_next(const Asked *asked, Message *message, Span *oid)
{
    int place = after(asked, *oid);
    if (place >= asked->tree->count)
        return append_exception(message, *oid, END_OF_MIB);
    const Object *object = &asked->tree->objects[place];
    *oid = (Span){object->oid, object->oid + object->oid_size};
    return append_object(message, object, asked->address, asked->uptime);
}

static bool read_name(Span *varbinds, Span *oid)
{
    Span varbind;
    return read_expected(varbinds, SEQUENCE, &varbind) && read_expected(&varbind, OID, oid);
}

static bool append_all(Asked *asked, Message *message, uint8_t tag, Span varbinds)
{
    Span oid;
    while (span_size(varbinds) > 0) {
        if (!read_name(&varbinds, &oid))
            return false;
        if (!(tag == GET ? append_get(asked, message, oid) : append_next(asked, message, &oid)))
            return false;
    }
    return true;
}

/* RFC 3416 4.2.3: as much as fits, and no error. */
static void append_bulk(const Asked *asked, Message *message, Span varbinds, int64_t plain, int64_t repetitions)
{
    Span names[MOST_REPEATERS];
    int count = 0;
    for (Span oid; span_size(varbinds) > 0 && read_name(&varbinds, &oid);) {
        if (plain-- > 0) {
            if (!append_next(asked, message, &oid))
                return;
        } else if (count < MOST_REPEATERS)
            names[count++] = oid;
    }
    while (count && repetitions-- > 0) {
        bool more = false;
        for (int i = 0; i < count; i++) {
            more |= after(asked, names[i]) < asked->tree->count;
            if (!append_next(asked, message, &names[i]))
                return;
        }
        if (!more)
            return;
    }
}

static void close_pdu(Message *message, uint8_t tag, int64_t request_id, int64_t status)
{
    prepend_header(message, SEQUENCE);
    prepend_integer(message, 0);
    prepend_integer(message, status);
    prepend_integer(message, request_id);
    prepend_header(message, tag);
}

static bool answer_pdu(Asked *asked, Message *message, uint8_t tag, Span pdu)
{
    int64_t request_id, second, third;
    Span varbinds;
    if ((tag != GET && tag != GET_NEXT && tag != GET_BULK) || !read_integer(&pdu, &request_id) ||
        !read_integer(&pdu, &second) || !read_integer(&pdu, &third) || !read_expected(&pdu, SEQUENCE, &varbinds))
        return false;
    int largest = asked->agent->largest - WRAPPING;
    start_message(message, buffer, FRONT, FRONT + (largest < ROOM ? largest : ROOM));
    int64_t status = asked->agent->error_status;
    if (tag == GET_BULK)
        append_bulk(asked, message, varbinds, second, third);
    else if (!append_all(asked, message, tag, varbinds)) {
        start_message(message, buffer, FRONT, FRONT + ROOM);
        status = TOO_BIG;
    }
    close_pdu(message, RESPONSE, request_id, status);
    return true;
}

static bool answer_community(Asked *asked, Message *message, Span body, int64_t version)
{
    Span community, pdu;
    uint8_t tag;
    if (!read_expected(&body, OCTETS, &community) || !read_tlv(&body, &tag, &pdu))
        return false;
    const char *wanted = asked->agent->community;
    if (span_size(community) != (int)strlen(wanted) || memcmp(community.at, wanted, strlen(wanted)))
        return false;
    if (!answer_pdu(asked, message, tag, pdu))
        return false;
    prepend_string(message, community.at, span_size(community));
    prepend_integer(message, version);
    prepend_header(message, SEQUENCE);
    return true;
}

static bool answer_secure(Asked *asked, Message *message, Span datagram, Span body)
{
    SecureRequest request;
    const User *user = &asked->agent->user;
    if (!open_secure(user, datagram, body, asked->address, asked->uptime, &request))
        return false;
    if (request.report) {
        uint8_t octets[32];
        int size = encode_oid(request.report, octets, sizeof octets);
        start_message(message, buffer, FRONT, FRONT + ROOM);
        append_value(message, OID, octets, size);
        append_unsigned(message, COUNTER32, 1);
        prepend_header(message, SEQUENCE);
        close_pdu(message, REPORT, request.request_id, 0);
    } else if (!answer_pdu(asked, message, request.pdu_tag, request.pdu))
        return false;
    close_secure(user, message, &request, asked->address, asked->uptime);
    return true;
}

bool agent_answer(const Agent *agent, const Tree *tree, Span datagram, uint32_t address, double uptime_seconds,
                  Message *message)
{
    Asked asked = {agent, tree, address, uptime_seconds, -1};
    Span rest = datagram, body;
    int64_t version;
    if (!read_expected(&rest, SEQUENCE, &body) || !read_integer(&body, &version))
        return false;
    if (version == 3)
        return answer_secure(&asked, message, datagram, body);
    return (version == 0 || version == 1) && answer_community(&asked, message, body, version);
}
