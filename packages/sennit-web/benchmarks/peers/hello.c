/* The least that a server of HTTP can do: epoll, no parsing but for the ends of heads, one
   write for each chunk that came. What no server in any language goes below.

       hello PORT
*/

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const char answer[] =
    "HTTP/1.1 200 OK\r\nServer: C\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
    "Content-Length: 13\r\nContent-Type: text/html\r\n\r\nHello, world!";

int main(int argc, char **argv) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET};
    static char in[65536], out[sizeof answer * 4096];
    struct epoll_event event = {.events = EPOLLIN}, events[64];
    int poll = epoll_create1(0);

    if (argc != 2) return 2;
    address.sin_port = htons(atoi(argv[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address)) return 1;
    listen(listener, 128);
    event.data.fd = listener;
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poll, events, 64, -1);
        for (int at = 0; at < count; at++) {
            int socket = events[at].data.fd;
            if (socket == listener) {
                event.data.fd = accept(listener, NULL, NULL);
                setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                epoll_ctl(poll, EPOLL_CTL_ADD, event.data.fd, &event);
                continue;
            }
            ssize_t size = recv(socket, in, sizeof in - 1, 0), length = 0;
            if (size <= 0) {
                close(socket);
                continue;
            }
            in[size] = 0;
            for (char *end = in; (end = strstr(end, "\r\n\r\n")); end += 4) {
                memcpy(out + length, answer, sizeof answer - 1);
                length += sizeof answer - 1;
            }
            if (length && send(socket, out, length, MSG_NOSIGNAL) != length) close(socket);
        }
    }
}
