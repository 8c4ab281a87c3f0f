/* What an agent has: objects in the order of their OIDs, built in or read from a .snmprec file. */
#ifndef TREE_H
#define TREE_H

#include "wire.h"

typedef enum { FIXED_OCTETS, FIXED_NUMBER, GROWING, UPTIME, NAME } Source;

typedef struct {
    const uint8_t *oid;
    int oid_size;
    uint8_t tag;
    Source source;
    uint64_t base;
    double per_second;
    const uint8_t *octets;
    int size;
} Object;

typedef struct {
    Object *objects;
    int count, room;
} Tree;

Tree *tree_of_router(void);
Tree *tree_of_file(const char *path);
int tree_find(const Tree *tree, Span oid, bool *exact);
bool append_object(Message *message, const Object *object, uint32_t address, double uptime_seconds);
bool append_exception(Message *message, Span oid, uint8_t tag);

#endif
