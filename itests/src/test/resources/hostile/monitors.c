// SPDX-License-Identifier: Apache-2.0
//
// What a hostile user does with the file kmonitor, for HostileUserIT.
//
//   monitors register FS M N   M monitors register each of N threads, and a process that forks; none takes
//                              a signal
//   monitors keep FS N         N processes become monitors, and only keep the file

#include "hostile.h"
#include <sys/ioctl.h>
#include <sys/syscall.h>

enum { EVENTS = 0x6d, THREAD_EXIT = 4, INHERIT = 0x20000000, TELL_LOST = 0x40000000 };
enum { MOST_TARGETS = 65536, FORKS_A_SECOND = 100 };

struct command {
    int pid, type, signal;
};
#define REGISTER _IOW(0xDE, 1, struct command)

static int targets[MOST_TARGETS];

static void *idle(void *number) {
    targets[(long)number] = syscall(SYS_gettid);
    rest();
    return NULL;
}

// Others of his processes may make as many calls as he may.
static int ask(int fd, int pid, int type) {
    struct command command = {pid, type, SIGRTMIN};
    int got;
    for (int i = 0; (got = ioctl(fd, REGISTER, &command)) < 0 && errno == EAGAIN && i < 100; i++) {
        sleep_ms(10);
    }
    return got;
}

// Others of his processes may have the file open as often as he may.
static int open_soon(const char *path) {
    int fd;
    while ((fd = open(path, O_RDWR)) < 0) {
        sleep_ms(50);
    }
    return fd;
}

static void monitor(const char *path, int many, int forker) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL); // it never takes a signal
    int fd = open_soon(path);
    if (ask(fd, forker, EVENTS | INHERIT | TELL_LOST) == 0) {
        count(0);
    }
    for (int i = 0; i < many; i++) {
        int got = ask(fd, targets[i], THREAD_EXIT);
        count(got == 0 ? 0 : errno == ENOSPC || errno == ENFILE ? 1 : 2);
    }
    rest();
}

static void fork_for_ever(void) {
    for (long i = 1;; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            _exit(0);
        }
        waitpid(pid, NULL, 0);
        pace(i, FORKS_A_SECOND);
    }
}

static char *kmonitor(const char *folder) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/kmonitor", folder);
    return path;
}

static void register_all(char **words) {
    int most = atoi(words[2]);
    most = start_threads(most, calloc(most, sizeof(pthread_t)), idle);
    pid_t forker = fork_dying();
    if (forker == 0) {
        fork_for_ever();
    }
    sleep_ms(1000);
    for (int i = 0; i < atoi(words[1]); i++) {
        if (fork_dying() == 0) {
            monitor(kmonitor(words[0]), most, forker);
        }
    }
}

static void keep(char **words) {
    for (int i = 0; i < atoi(words[1]); i++) {
        if (fork_dying() == 0) {
            open_soon(kmonitor(words[0]));
            count(0);
            rest();
        }
    }
}

static const struct activity ACTIVITIES[] = {
    {"register", register_all, {"registrations", "refused-by-quota", "failed-registrations"}},
    {"keep", keep, {"monitors"}},
    {NULL, NULL, {NULL}},
};

int main(int size, char **words) {
    return size < 2 ? 2 : run(ACTIVITIES, words + 1);
}
