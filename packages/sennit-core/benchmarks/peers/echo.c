/* An echo server, as near to the system calls as a single thread gets: the limit.
 *
 * One epoll, level-triggered; TCP and UDP on free ports of 127.0.0.1, which it
 * prints as one line of JSON.  It ends when its standard input does.
 *
 *     cc -O2 -o echo echo.c && ./echo
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[65536];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static int open_port(int type, int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) < 0)
		fail("bind");
	if (type == SOCK_STREAM && listen(fd, 1024) < 0)
		fail("listen");
	if (getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		fail("getsockname");
	*port = ntohs(address.sin_port);
	return fd;
}

static void watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		fail("epoll_ctl");
}

static void accept_all(int epoll, int listener)
{
	int fd, one = 1;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		watch(epoll, fd);
	}
}

static void answer_datagrams(int fd)
{
	struct sockaddr_in from;
	socklen_t size = sizeof from;
	ssize_t got;

	while ((got = recvfrom(fd, buffer, sizeof buffer, 0,
			       (struct sockaddr *)&from, &size)) >= 0) {
		sendto(fd, buffer, got, 0, (struct sockaddr *)&from, size);
		size = sizeof from;
	}
}

static void answer_stream(int fd)
{
	ssize_t got = recv(fd, buffer, sizeof buffer, 0), sent = 0, now;

	if (got < 0 && errno == EAGAIN)
		return;
	while (sent < got) {
		now = send(fd, buffer + sent, got - sent, MSG_NOSIGNAL);
		if (now < 0 && errno == EAGAIN) {
			struct pollfd wait = { .fd = fd, .events = POLLOUT };
			poll(&wait, 1, -1);
			continue;
		}
		if (now < 0)
			break;
		sent += now;
	}
	if (got <= 0 || sent < got)
		close(fd);
}

int main(void)
{
	struct epoll_event events[256];
	int tcp_port, udp_port;
	int tcp = open_port(SOCK_STREAM, &tcp_port);
	int udp = open_port(SOCK_DGRAM, &udp_port);
	int epoll = epoll_create1(0);

	watch(epoll, tcp);
	watch(epoll, udp);
	watch(epoll, STDIN_FILENO);
	printf("{\"tcp\": %d, \"udp\": %d}\n", tcp_port, udp_port);
	fflush(stdout);
	for (;;) {
		int count = epoll_wait(epoll, events, 256, -1);

		for (int at = 0; at < count; at++) {
			int fd = events[at].data.fd;

			if (fd == STDIN_FILENO)
				return 0;
			else if (fd == tcp)
				accept_all(epoll, tcp);
			else if (fd == udp)
				answer_datagrams(udp);
			else
				answer_stream(fd);
		}
	}
}
