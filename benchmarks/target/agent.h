/* One request in, one answer out. */
#ifndef AGENT_H
#define AGENT_H

#include "tree.h"
#include "usm.h"

typedef struct {
    const char *community;
    User user;
    int largest;         /* octets of an answer; more is tooBig */
    int error_status;    /* answer everything with this error-status; 0: do not */
    bool looping;        /* walks never end */
} Agent;

/* True: `message` holds the answer to send. */
bool agent_answer(const Agent *agent, const Tree *tree, Span datagram, uint32_t address, double uptime_seconds,
                  Message *message);

#endif
