/* An SNMP responder for measuring: every address of 127.0.0.0/8 is a device, on one port, from one process.
 * Answers 127/8 only. See `options` for how it can be made to behave badly. */
#define _GNU_SOURCE
#include "agent.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, LARGEST_REQUEST = 4096, SLOT = 66000, TICKS = 1 << 17 };

typedef struct Delayed {
    struct Delayed *next;
    struct sockaddr_in to;
    uint32_t from;
    int size;
    uint8_t octets[];
} Delayed;

typedef struct {
    uint32_t address;
    Tree *tree;
} Assigned;

static struct {
    int port;
    double delay, jitter, late_by; /* milliseconds */
    double loss, late, truncate, garbage, wrong_id, wrong_source; /* percent of answers */
    Tree *tree;
    Assigned *assigned;
    int assigned_count;
    Agent agent;
} config = {.port = 1161, .late_by = 3000, .agent = {.community = "public", .largest = 1472}};

static struct {
    uint64_t requests, answers, lost, unreadable, misbehaved;
} counts;

static Delayed *wheel[TICKS];
static uint64_t pending, turned_to;
static double began;
static volatile sig_atomic_t stopping;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t milliseconds(void) { return (uint64_t)((seconds() - began) * 1000); }
static bool by_chance(double percent) { return percent > 0 && (double)random() / RAND_MAX * 100 < percent; }
static void stop(int number) { stopping = number; }

static int compare_assigned(const void *a, const void *b)
{
    uint32_t x = ((const Assigned *)a)->address, y = ((const Assigned *)b)->address;
    return (x > y) - (x < y);
}

static Tree *tree_at(uint32_t address)
{
    Assigned wanted = {.address = address};
    Assigned *found = config.assigned_count ? bsearch(&wanted, config.assigned, (size_t)config.assigned_count,
                                                      sizeof wanted, compare_assigned)
                                            : NULL;
    return found ? found->tree : config.tree;
}

/* Lines "address file.snmprec". */
static void read_map(const char *path)
{
    char line[4096], address[64], file[4000];
    FILE *map = fopen(path, "r");
    while (map && fgets(line, sizeof line, map)) {
        struct in_addr octets;
        if (sscanf(line, "%63s %3999s", address, file) != 2 || inet_pton(AF_INET, address, &octets) != 1)
            continue;
        Tree *tree = tree_of_file(file);
        if (!tree) {
            fprintf(stderr, "cannot read %s\n", file);
            exit(2);
        }
        config.assigned = realloc(config.assigned, sizeof(Assigned) * (size_t)(config.assigned_count + 1));
        config.assigned[config.assigned_count++] = (Assigned){ntohl(octets.s_addr), tree};
    }
    if (!map) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    fclose(map);
    qsort(config.assigned, (size_t)config.assigned_count, sizeof(Assigned), compare_assigned);
}

static void usage(void)
{
    fputs("target --port N [--tree FILE.snmprec] [--map FILE] [--community WORD] [--largest OCTETS]\n"
          "       [--delay MS] [--jitter MS] [--loss %] [--late %] [--late-by MS] [--truncate %] [--garbage %]\n"
          "       [--wrong-id %] [--wrong-source %] [--error STATUS] [--looping]\n"
          "       [--user NAME] [--auth sha1|sha256] [--auth-password WORD] [--priv-password WORD]\n",
          stderr);
    exit(2);
}

static void read_options(int count, char **words)
{
    static const struct option options[] = {
        {"port", 1, 0, 'p'},       {"tree", 1, 0, 't'},          {"map", 1, 0, 'm'},           {"community", 1, 0, 'c'},
        {"largest", 1, 0, 'L'},    {"delay", 1, 0, 'd'},         {"jitter", 1, 0, 'j'},        {"loss", 1, 0, 'x'},
        {"late", 1, 0, 'l'},       {"late-by", 1, 0, 'b'},       {"truncate", 1, 0, 'T'},      {"garbage", 1, 0, 'g'},
        {"wrong-id", 1, 0, 'i'},   {"wrong-source", 1, 0, 's'},  {"error", 1, 0, 'e'},         {"looping", 0, 0, 'w'},
        {"user", 1, 0, 'u'},       {"auth", 1, 0, 'a'},          {"auth-password", 1, 0, 'A'}, {"priv-password", 1, 0, 'P'},
        {0, 0, 0, 0},
    };
    const char *user = "bench", *auth = "sha1", *auth_password = "authpass12345", *priv_password = "privpass12345";
    for (int option; (option = getopt_long(count, words, "", options, NULL)) != -1;) {
        double number = optarg ? strtod(optarg, NULL) : 0;
        switch (option) {
        case 'p': config.port = (int)number; break;
        case 't': config.tree = tree_of_file(optarg); if (!config.tree) usage(); break;
        case 'm': read_map(optarg); break;
        case 'c': config.agent.community = optarg; break;
        case 'L': config.agent.largest = (int)number; break;
        case 'd': config.delay = number; break;
        case 'j': config.jitter = number; break;
        case 'x': config.loss = number; break;
        case 'l': config.late = number; break;
        case 'b': config.late_by = number; break;
        case 'T': config.truncate = number; break;
        case 'g': config.garbage = number; break;
        case 'i': config.wrong_id = number; break;
        case 's': config.wrong_source = number; break;
        case 'e': config.agent.error_status = (int)number; break;
        case 'w': config.agent.looping = true; break;
        case 'u': user = optarg; break;
        case 'a': auth = optarg; break;
        case 'A': auth_password = optarg; break;
        case 'P': priv_password = optarg; break;
        default: usage();
        }
    }
    if (!config.tree)
        config.tree = tree_of_router();
    user_init(&config.agent.user, user, strcmp(auth, "sha256") == 0, auth_password, priv_password);
}

static int open_socket(void)
{
    int on = 1, octets = 16 << 20, opened = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)config.port)};
    setsockopt(opened, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on); /* start one for each core */
    setsockopt(opened, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    setsockopt(opened, SOL_SOCKET, SO_RCVBUFFORCE, &octets, sizeof octets);
    setsockopt(opened, SOL_SOCKET, SO_SNDBUFFORCE, &octets, sizeof octets);
    if (bind(opened, (struct sockaddr *)&any, sizeof any)) {
        perror("target");
        exit(1);
    }
    return opened;
}

typedef struct {
    struct mmsghdr heads[BATCH];
    struct iovec parts[BATCH];
    struct sockaddr_in peers[BATCH];
    _Alignas(struct cmsghdr) char control[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo))];
    uint8_t (*octets)[SLOT];
    int count;
} Batch;

static Batch incoming, outgoing;

static void prepare(Batch *batch)
{
    batch->octets = calloc(BATCH, SLOT);
    for (int i = 0; i < BATCH; i++) {
        batch->parts[i].iov_base = batch->octets[i];
        batch->heads[i].msg_hdr = (struct msghdr){.msg_name = &batch->peers[i], .msg_iov = &batch->parts[i],
                                                  .msg_iovlen = 1, .msg_control = batch->control[i]};
    }
}

static void flush(int opened)
{
    for (int sent = 0; sent < outgoing.count;) {
        int more = sendmmsg(opened, outgoing.heads + sent, (unsigned)(outgoing.count - sent), 0);
        sent += more > 0 ? more : 1;
        counts.answers += more > 0 ? (uint64_t)more : 0;
    }
    outgoing.count = 0;
}

static void put(int opened, const struct sockaddr_in *to, uint32_t from, const uint8_t *octets, int size)
{
    int i = outgoing.count++;
    memcpy(outgoing.octets[i], octets, (size_t)size);
    outgoing.parts[i].iov_len = (size_t)size;
    outgoing.peers[i] = *to;
    struct msghdr *head = &outgoing.heads[i].msg_hdr;
    head->msg_namelen = sizeof *to;
    head->msg_controllen = sizeof outgoing.control[i];
    struct cmsghdr *control = CMSG_FIRSTHDR(head);
    *control = (struct cmsghdr){.cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO,
                                .cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo))};
    struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(from)};
    memcpy(CMSG_DATA(control), &info, sizeof info);
    if (outgoing.count == BATCH)
        flush(opened);
}

static void put_later(double after, const struct sockaddr_in *to, uint32_t from, const uint8_t *octets, int size)
{
    uint64_t when = milliseconds() + (uint64_t)after;
    Delayed *delayed = malloc(sizeof *delayed + (size_t)size);
    if (when < turned_to)
        when = turned_to;
    delayed->to = *to;
    delayed->from = from;
    delayed->size = size;
    memcpy(delayed->octets, octets, (size_t)size);
    delayed->next = wheel[when % TICKS];
    wheel[when % TICKS] = delayed;
    pending++;
}

static void turn_wheel(int opened)
{
    for (uint64_t now = milliseconds(); turned_to <= now; turned_to++) {
        Delayed *delayed = wheel[turned_to % TICKS];
        wheel[turned_to % TICKS] = NULL;
        while (delayed) {
            Delayed *next = delayed->next;
            put(opened, &delayed->to, delayed->from, delayed->octets, delayed->size);
            free(delayed);
            pending--;
            delayed = next;
        }
    }
    flush(opened);
}

static void misbehave(uint8_t *octets, int *size, uint32_t *from)
{
    uint64_t before = counts.misbehaved;
    counts.misbehaved += by_chance(config.truncate) ? (*size -= *size / 3, 1) : 0;
    counts.misbehaved += by_chance(config.wrong_source) ? (*from ^= 1, 1) : 0;
    if (by_chance(config.wrong_id)) {
        /* 30 .. 02 01 01 04 n <community> A2 .. 02 04 <request-id>: change its last octet but one. */
        uint8_t *found = memmem(octets, (size_t)*size, "\x02\x04", 2);
        if (found && found + 5 < octets + *size)
            found[4] ^= 0x55, counts.misbehaved++;
    }
    if (by_chance(config.garbage)) {
        for (int i = 0; i < *size; i++)
            octets[i] = (uint8_t)random();
        counts.misbehaved = before + 1;
    }
}

static void answer(int opened, int place)
{
    const struct mmsghdr *head = &incoming.heads[place];
    uint32_t to_us = 0, source = ntohl(incoming.peers[place].sin_addr.s_addr);
    for (struct cmsghdr *control = CMSG_FIRSTHDR(&head->msg_hdr); control;
         control = CMSG_NXTHDR((struct msghdr *)&head->msg_hdr, control))
        if (control->cmsg_type == IP_PKTINFO)
            to_us = ntohl(((struct in_pktinfo *)CMSG_DATA(control))->ipi_addr.s_addr);
    if (source >> 24 != 127 || to_us >> 24 != 127)
        return;
    counts.requests++;
    if (by_chance(config.loss)) {
        counts.lost++;
        return;
    }
    Message message;
    Span datagram = {incoming.octets[place], incoming.octets[place] + head->msg_len};
    if (!agent_answer(&config.agent, tree_at(to_us), datagram, to_us, seconds() - began, &message)) {
        counts.unreadable++;
        return;
    }
    int size = (int)(message.last - message.first);
    misbehave(message.first, &size, &to_us);
    double after = config.delay + (config.jitter > 0 ? (double)random() / RAND_MAX * config.jitter : 0);
    after += by_chance(config.late) ? config.late_by : 0;
    if (after > 0)
        put_later(after, &incoming.peers[place], to_us, message.first, size);
    else
        put(opened, &incoming.peers[place], to_us, message.first, size);
}

static void serve(int opened)
{
    struct pollfd readable = {.fd = opened, .events = POLLIN};
    while (!stopping) {
        poll(&readable, 1, pending ? 1 : 200);
        turn_wheel(opened);
        for (int i = 0; i < BATCH; i++) {
            incoming.parts[i].iov_len = LARGEST_REQUEST;
            incoming.heads[i].msg_hdr.msg_namelen = sizeof incoming.peers[i];
            incoming.heads[i].msg_hdr.msg_controllen = sizeof incoming.control[i];
        }
        int count = recvmmsg(opened, incoming.heads, BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < count; i++)
            answer(opened, i);
        flush(opened);
    }
}

int main(int count, char **words)
{
    struct rusage used;
    began = seconds();
    srandom(1);
    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    read_options(count, words);
    prepare(&incoming);
    prepare(&outgoing);
    int opened = open_socket();
    puts("ready");
    fflush(stdout);
    serve(opened);
    getrusage(RUSAGE_SELF, &used);
    printf("{\"requests\": %lu, \"answers\": %lu, \"lost\": %lu, \"unreadable\": %lu, \"misbehaved\": %lu, \"cpu\": %.3f}\n",
           counts.requests, counts.answers, counts.lost, counts.unreadable, counts.misbehaved,
           (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
    return 0;
}
