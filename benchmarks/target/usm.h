/* SNMPv3 with the user-based security model (RFC 3414, RFC 3826, RFC 7860): one user, authPriv, an engine per address. */
#ifndef USM_H
#define USM_H

#include "wire.h"

typedef struct {
    bool sha256; /* HMAC-192-SHA-256 instead of HMAC-96-SHA-1; AES-128 in either case */
    uint8_t auth_key[32], priv_key[32];
    char user[33];
} User;

typedef struct {
    int64_t message_id;
    uint8_t flags;
    const char *report; /* OID of the usmStats counter to report instead of an answer; NULL: go on */
    int64_t request_id;
    Span context_engine, context_name;
    Span pdu; /* in a buffer that is good until the next message */
    uint8_t pdu_tag;
} SecureRequest;

enum { AUTH = 1, PRIV = 2, LONGEST_ENGINE = 16 };

void user_init(User *user, const char *name, bool sha256, const char *auth_password, const char *priv_password);
bool open_secure(const User *user, Span datagram, Span body, uint32_t address, double uptime_seconds,
                 SecureRequest *request);
void close_secure(const User *user, Message *message, const SecureRequest *request, uint32_t address,
                  double uptime_seconds);

#endif
