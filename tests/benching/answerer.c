/*
 * answerer PORT [STATUS]: a server for tests. Every request is answered, with
 * 200 where nothing else is said.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _POSIX_C_SOURCE 200809L

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int listen_at(unsigned short port)
{
    const int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons(port),
                                        .sin_addr.s_addr =
                                            htonl(INADDR_LOOPBACK)};

    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, 64) != 0)
        return -1;
    return fd;
}

int main(int argc, char **argv)
{
    char answer[128], request[4096];
    int fd, length;

    if (argc < 2)
        return 2;
    fd = listen_at((unsigned short)atoi(argv[1]));
    if (fd < 0) {
        perror("answerer");
        return 1;
    }
    length = snprintf(answer, sizeof answer,
                      "HTTP/1.0 %s Words\r\nContent-Length: 3\r\n\r\nok\n",
                      argc > 2 ? argv[2] : "200");
    for (;;) {
        const int client = accept(fd, NULL, NULL);

        if (client < 0)
            continue;
        if (recv(client, request, sizeof request, 0) > 0)
            (void)!write(client, answer, (size_t)length);
        (void)close(client);
    }
}
