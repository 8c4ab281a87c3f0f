/* BER as SNMP uses it: bounded reading, and writing that grows a message to both sides of its varbinds. */
#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stdint.h>

enum { INTEGER = 2, OCTETS = 4, NOTHING = 5, OID = 6, SEQUENCE = 0x30 };
enum { IP_ADDRESS = 0x40, COUNTER32, GAUGE32, TIMETICKS, OPAQUE, COUNTER64 = 0x46 };
enum { NO_SUCH_INSTANCE = 0x81, END_OF_MIB = 0x82 };
enum { GET = 0xA0, GET_NEXT, RESPONSE, GET_BULK = 0xA5, REPORT = 0xA8 };

typedef struct {
    const uint8_t *at, *end;
} Span;

typedef struct {
    uint8_t *first, *last; /* octets [first, last) are written */
    uint8_t *limit;        /* nothing is written from here on */
} Message;

static inline int span_size(Span span) { return (int)(span.end - span.at); }

bool read_tlv(Span *from, uint8_t *tag, Span *content);
bool read_expected(Span *from, uint8_t tag, Span *content);
bool read_integer(Span *from, int64_t *number);

void start_message(Message *message, uint8_t *buffer, int front, int size);
bool append_value(Message *message, uint8_t tag, const uint8_t *content, int size);
bool append_unsigned(Message *message, uint8_t tag, uint64_t number);
bool append_signed(Message *message, uint8_t tag, int64_t number);
void prepend_octets(Message *message, const uint8_t *octets, int size);
void prepend_header(Message *message, uint8_t tag);
void prepend_string(Message *message, const uint8_t *octets, int size);
void prepend_integer(Message *message, int64_t number);
int encode_oid(const char *dotted, uint8_t *octets, int room);

#endif
