// The limit of registration over a Unix socket: one epoll thread, HTTP-like framing, no parsing of the body, one row a
// request, one synced commit for all requests that wait together.
//     register_limit SOCKET DATABASE CSV        (until killed)
#include "limit.h"
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(int count, char **arguments) {
    if (count != 4) return 2;
    load_stock(arguments[3]);
    sqlite3 *db = open_store(arguments[2]);
    prepare(db);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, arguments[1], sizeof address.sun_path - 1);
    unlink(arguments[1]);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 64)) return 1;
    static char answer[1000], body[850], buffer[1 << 16];
    memset(body, 'j', sizeof body - 1);
    int length = snprintf(answer, sizeof answer, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                          strlen(body), body);
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[64];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    puts("ready");
    fflush(stdout);
    for (int64_t id = 0;;) {
        int ready = epoll_wait(poll, events, 64, -1), waiting = 0, asked[64];
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                event.data.fd = accept4(listener, 0, 0, SOCK_NONBLOCK);
                epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event);
            } else if (read(fd, buffer, sizeof buffer) <= 0) {
                close(fd);
            } else {
                asked[waiting++] = fd;
            }
        }
        if (!waiting) continue;
        run_sql(db, "BEGIN IMMEDIATE");
        for (int i = 0; i < waiting; i++) insert(++id);
        run_sql(db, "COMMIT");
        for (int i = 0; i < waiting; i++)
            if (write(asked[i], answer, length) < 0) return 1;
    }
}
