// Sends prepared requests over N connections to a Unix socket, one at a time on each, and prints requests/s, the median
// and the 99th percentile in milliseconds.
//     load SOCKET CONNECTIONS FILE [TOTAL]
// FILE: for each request its length in decimal, a line feed, and its bytes. With TOTAL the requests are repeated.
// Any answer but 2xx ends the run with status 1.
#include "limit.h"
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef struct {
    const char *bytes;
    long length;
} request;

typedef struct {
    int fd;
    double sent;
    long have, need;
    char buffer[1 << 16];
} client;

static request *requests;
static long request_count, next_request, total;

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void load_requests(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) exit(1);
    long room = 1 << 10, length;
    requests = malloc(room * sizeof *requests);
    while (fscanf(file, "%ld", &length) == 1) {
        char *bytes = malloc(length);
        if (fgetc(file) != '\n' || fread(bytes, 1, length, file) != (size_t)length) exit(1);
        if (request_count == room) requests = realloc(requests, (room *= 2) * sizeof *requests);
        requests[request_count++] = (request){bytes, length};
    }
    fclose(file);
}

static int send_next(client *c) {
    if (next_request == total) return 0;
    request r = requests[next_request++ % request_count];
    c->sent = now();
    c->have = c->need = 0;
    for (long done = 0; done < r.length;) {
        long n = write(c->fd, r.bytes + done, r.length - done);
        if (n <= 0) exit(1);
        done += n;
    }
    return 1;
}

// Reads what is there; 1 when the answer is complete.
static int receive(client *c) {
    long n = read(c->fd, c->buffer + c->have, sizeof c->buffer - c->have - 1);
    if (n <= 0) {
        fprintf(stderr, "the connection was closed\n");
        exit(1);
    }
    c->have += n;
    c->buffer[c->have] = 0;
    if (!c->need) {
        char *end = strstr(c->buffer, "\r\n\r\n"), *length = strcasestr(c->buffer, "content-length:");
        if (!end) return 0;
        if (strncmp(c->buffer + 9, "2", 1)) {
            fprintf(stderr, "%s\n", c->buffer);
            exit(1);
        }
        c->need = end + 4 - c->buffer + (length ? atol(length + 15) : 0);
    }
    return c->have >= c->need;
}

int main(int count, char **arguments) {
    if (count < 4) return 2;
    int connections = atoi(arguments[2]);
    load_requests(arguments[3]);
    total = count > 4 ? atol(arguments[4]) : request_count;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, arguments[1], sizeof address.sun_path - 1);
    client *clients = calloc(connections, sizeof *clients);
    double *times = malloc(total * sizeof *times);
    int poll = epoll_create1(0);
    for (int i = 0; i < connections; i++) {
        clients[i].fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(clients[i].fd, (void *)&address, sizeof address)) {
            perror("connect");
            return 1;
        }
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = clients + i};
        epoll_ctl(poll, EPOLL_CTL_ADD, clients[i].fd, &event);
    }
    double begin = now();
    for (int i = 0; i < connections; i++) send_next(clients + i);
    long done = 0;
    struct epoll_event events[64];
    while (done < total) {
        int ready = epoll_wait(poll, events, 64, 60000);
        if (ready <= 0) return 1;
        for (int i = 0; i < ready; i++) {
            client *c = events[i].data.ptr;
            if (!receive(c)) continue;
            times[done++] = now() - c->sent;
            send_next(c);
        }
    }
    double seconds = now() - begin;
    qsort(times, done, sizeof *times, ascending);
    printf("%.1f %.3f %.3f\n", done / seconds, times[done / 2] * 1e3, times[(long)(done * .99)] * 1e3);
}
