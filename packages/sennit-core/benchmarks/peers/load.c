/* The load of the network benchmarks: a ping-pong that looks at what comes back.
 *
 *     cc -O2 -o load load.c
 *     ./load echo PORT CONNECTIONS SIZE SECONDS     one message under way on each
 *     ./load churn PORT CONNECTIONS SIZE SECONDS    connect, one message, close
 *     ./load udp PORT CONNECTIONS SIZE SECONDS      as echo, in datagrams
 *     ./load idle PORT CONNECTIONS                  connect; hold until stdin ends
 *
 * Prints one line of JSON: {"operations": N, "seconds": S}; idle prints
 * {"connections": N} once all are there.  A wrong answer ends it with status 1.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 65536, SILENCE_MS = 5000 };

struct one {
	int fd;
	int got;			/* bytes of the answer so far */
	unsigned long number;		/* of the message under way */
};

static struct sockaddr_in server = { .sin_family = AF_INET };
static int epoll, size, datagrams, churn;
static unsigned long done, made;
static char message[MOST], answer[MOST];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Sources rotate over 127.0.1.*, else churn runs out of ports in TIME_WAIT. */
static void choose_source(int fd)
{
	struct sockaddr_in source = { .sin_family = AF_INET };
	int one = 1;

	source.sin_addr.s_addr = htonl(0x7f000101 + made++ % 200);
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&source, sizeof source) < 0)
		fail("bind");
}

static void open_one(struct one *it)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = it };
	int on = 1;

	it->fd = socket(AF_INET, datagrams ? SOCK_DGRAM : SOCK_STREAM, 0);
	it->got = 0;
	if (it->fd < 0)
		fail("socket");
	choose_source(it->fd);
	if (connect(it->fd, (struct sockaddr *)&server, sizeof server) < 0)
		fail("connect");
	if (!datagrams)
		setsockopt(it->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, it->fd, &event) < 0)
		fail("epoll_ctl");
}

/* What makes each message another: its number and its connection's descriptor. */
static void compose(struct one *it)
{
	snprintf(message, 32, "%010lu %04d ", it->number % 9999999999UL,
		 it->fd % 10000);
}

static void send_one(struct one *it)
{
	compose(it);
	if (send(it->fd, message, size, MSG_NOSIGNAL) != size)
		fail("send");
}

static void reopen(struct one *it)
{
	close(it->fd);
	open_one(it);
}

static void receive(struct one *it)
{
	int got = recv(it->fd, answer, size - it->got, MSG_DONTWAIT);

	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0)
		fail("the connection ended");
	compose(it);
	if (memcmp(answer, message + it->got, got)) {
		fprintf(stderr, "message %lu came back changed\n", it->number);
		exit(1);
	}
	it->got += got;
	if (it->got < size)
		return;
	it->got = 0;
	it->number++;
	done++;
	if (churn)
		reopen(it);
	send_one(it);
}

static void idle(struct one *all, int count)
{
	char c;

	for (int at = 0; at < count; at++)
		open_one(&all[at]);
	printf("{\"connections\": %d}\n", count);
	fflush(stdout);
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
}

int main(int argc, char **argv)
{
	struct epoll_event events[256];
	double begun, seconds;
	int connections;
	struct one *all;

	if (argc < 4)
		return 2;
	datagrams = !strcmp(argv[1], "udp");
	churn = !strcmp(argv[1], "churn");
	server.sin_port = htons(atoi(argv[2]));
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	connections = atoi(argv[3]);
	all = calloc(connections, sizeof *all);
	epoll = epoll_create1(0);
	if (!strcmp(argv[1], "idle")) {
		idle(all, connections);
		return 0;
	}
	if (argc < 6 || (size = atoi(argv[4])) < 32 || size > MOST)
		return 2;
	seconds = atof(argv[5]);
	memset(message, '.', sizeof message);
	for (int at = 0; at < connections; at++)
		open_one(&all[at]);
	begun = now();
	for (int at = 0; at < connections; at++)
		send_one(&all[at]);
	while (now() - begun < seconds) {
		int count = epoll_wait(epoll, events, 256, SILENCE_MS);

		for (int at = 0; at < count; at++)
			receive(events[at].data.ptr);
		if (count == 0) {
			fprintf(stderr, "no answer in %d ms\n", SILENCE_MS);
			return 1;
		}
	}
	printf("{\"operations\": %lu, \"seconds\": %.6f}\n", done, now() - begun);
	return 0;
}
