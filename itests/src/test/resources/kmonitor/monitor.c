// SPDX-License-Identifier: Apache-2.0
//
// Clients of /dev/kmonitor, for KmonitorIT.
//
//   monitor PATH              opens PATH, then obeys lines of the standard input, each answered by a line
//                             that begins with "= ":
//                               r PID MASK SIGNAL   registers; answers 0 or the errno
//                               d PID MASK SIGNAL   deregisters; likewise
//                               i NUMBER            another ioctl; likewise
//                               o COUNT             opens the file so often besides, closes all, and opens
//                                                   it again; likewise
//                               s                   closes the file and leaves it shut; likewise
//                               g                   waits with poll(2) until the file has gone, 10 s at most;
//                                                   answers what that says
//                               c                   makes a child that keeps the file; answers its pid
//                               l COUNT             at most COUNT signals may wait
//                               t                   makes a thread; answers its tid
//                               e                   ends that thread; answers 0
//                               u REAL EFF SAVED    becomes these users, -1 is no change; likewise
//                               w                   waits for the next signal, 10 s at most; answers
//                                                   SIGNAL CODE INT PID UID, or "none"
//                               p                   the same, but does not wait
//   monitor many PATH M T     M monitors register each of T targets, which exit then; prints how many are
//                             registered, waits for a line, prints how many signals have come
//   monitor race PATH COUNT   registers COUNT children, one by one, while they exit, and waits for the exit of
//                             each that it could; prints how many of these were told, and were not, and
//                             how many could not be registered as they were gone
//   monitor tree DEPTH        prints its pid; at a line of the input has two children, each of them two,
//                             and so on, DEPTH times; exits with 3
//   monitor life              prints its pid; at a line of the input has a child, then a thread, each of
//                             which it waits for; prints their ids, and waits to be killed

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct command {
    pid_t pid;
    int type;
    int signal;
};

#define REGISTER _IOW(0xDE, 1, struct command)
#define DEREGISTER _IOW(0xDE, 2, struct command)
#define EXIT 0x40
#define SECONDS 10

static sigset_t blocked;

static void check(int ok, const char *what) {
    if (!ok) {
        perror(what);
        exit(1);
    }
}

static int result(int value) { return value < 0 ? errno : 0; }

static int ask(int fd, unsigned long how, pid_t pid, int type, int number) {
    struct command command = {pid, type, number};
    return result(ioctl(fd, how, &command));
}

static int wait_signal(siginfo_t *info, int seconds) {
    struct timespec limit = {seconds, 0};
    int got;
    do {
        got = sigtimedwait(&blocked, info, &limit);
    } while (got < 0 && errno == EINTR);
    return got;
}

static void print_signal(int seconds) {
    siginfo_t info;
    if (wait_signal(&info, seconds) < 0) {
        printf("= none\n");
        return;
    }
    printf("= %d %d %#x %d %d\n", info.si_signo, info.si_code, info.si_int, info.si_pid, info.si_uid);
}

static int await_end(int fd) {
    struct pollfd file = {.fd = fd};
    check(poll(&file, 1, SECONDS * 1000) >= 0, "poll");
    return file.revents;
}

static int keep_file(void) {
    int pid = fork();
    check(pid >= 0, "fork");
    if (pid == 0) {
        for (;;) {
            pause();
        }
    }
    return pid;
}

static void limit(int count) {
    struct rlimit limits;
    check(getrlimit(RLIMIT_SIGPENDING, &limits) == 0, "getrlimit");
    limits.rlim_cur = count;
    check(setrlimit(RLIMIT_SIGPENDING, &limits) == 0, "setrlimit");
}

static int go[2];
static pthread_t thread;

static void *live(void *told) {
    pid_t tid = gettid();
    check(write(*(int *)told, &tid, sizeof tid) == sizeof tid, "write");
    char byte;
    check(read(go[0], &byte, 1) == 0, "read");
    return NULL;
}

static pid_t make_thread(void) {
    int told[2];
    pid_t tid;
    check(pipe(go) == 0 && pipe(told) == 0, "pipe");
    check(pthread_create(&thread, NULL, live, &told[1]) == 0, "pthread_create");
    check(read(told[0], &tid, sizeof tid) == sizeof tid, "read");
    return tid;
}

static void end_thread(void) {
    close(go[1]);
    check(pthread_join(thread, NULL) == 0, "pthread_join");
}

static int open_again(const char *path, int fd, int count) {
    int others[count + 1];
    for (int i = 0; i < count; i++) {
        others[i] = open(path, O_WRONLY);
        check(others[i] >= 0, path);
    }
    check(count == 0 || close_range(others[0], others[count - 1], 0) == 0, "close_range");
    close(fd);
    return open(path, O_WRONLY);
}

static int obey(const char *path) {
    int fd = open(path, O_WRONLY);
    check(fd >= 0, path);
    printf("= 0\n");
    char line[100], word;
    int pid, type, number;
    while (fgets(line, sizeof line, stdin) != NULL) {
        type = number = pid = 0;
        sscanf(line, "%c %i %i %i", &word, &pid, &type, &number);
        switch (word) {
            case 'r': printf("= %d\n", ask(fd, REGISTER, pid, type, number)); break;
            case 'd': printf("= %d\n", ask(fd, DEREGISTER, pid, type, number)); break;
            case 'i': printf("= %d\n", ask(fd, pid, 0, 0, 0)); break;
            case 'o':
                fd = open_again(path, fd, pid);
                printf("= %d\n", result(fd));
                break;
            case 'c': printf("= %d\n", keep_file()); break;
            case 'l': limit(pid); printf("= 0\n"); break;
            case 'u': printf("= %d\n", result(setresuid(pid, type, number))); break;
            case 's': printf("= %d\n", result(close(fd))); break;
            case 'g': printf("= %d\n", await_end(fd)); break;
            case 't': printf("= %d\n", make_thread()); break;
            case 'e': end_thread(); printf("= 0\n"); break;
            case 'w': print_signal(SECONDS); break;
            case 'p': print_signal(0); break;
            default: printf("= unknown\n");
        }
    }
    return 0;
}

static void many_monitor(const char *path, const pid_t *targets, int count, int told) {
    int fd = open(path, O_RDWR);
    check(fd >= 0, path);
    int registered = 0;
    for (int i = 0; i < count; i++) {
        registered += ask(fd, REGISTER, targets[i], EXIT, SIGRTMIN) == 0;
    }
    check(write(told, &registered, sizeof registered) == sizeof registered, "write");
    int got = 0;
    siginfo_t info;
    char *seen = calloc(1 << 22, 1);
    while (got < count && wait_signal(&info, SECONDS) >= 0) {
        got += info.si_int == EXIT && !seen[info.si_pid];
        seen[info.si_pid] = 1;
    }
    check(write(told, &got, sizeof got) == sizeof got, "write");
    exit(0);
}

static int sum(int from, int count) {
    int all = 0;
    for (int i = 0, one; i < count; i++) {
        check(read(from, &one, sizeof one) == sizeof one, "read");
        all += one;
    }
    return all;
}

static int many(const char *path, int monitors, int count) {
    pid_t targets[count];
    int life[2], told[2];
    check(pipe(life) == 0 && pipe(told) == 0, "pipe");
    for (int i = 0; i < count; i++) {
        targets[i] = fork();
        check(targets[i] >= 0, "fork");
        if (targets[i] == 0) {
            close(life[1]);
            char byte;
            _exit(read(life[0], &byte, 1) == 0 ? 0 : 1);
        }
    }
    for (int i = 0; i < monitors; i++) {
        int pid = fork();
        check(pid >= 0, "fork");
        if (pid == 0) {
            close(life[1]);
            many_monitor(path, targets, count, told[1]);
        }
    }
    printf("= %d\n", sum(told[0], monitors));
    getchar();
    close(life[1]);
    printf("= %d\n", sum(told[0], monitors));
    while (wait(NULL) > 0) {
    }
    return 0;
}

static int race(const char *path, int count) {
    int fd = open(path, O_WRONLY), told = 0, missed = 0, gone = 0;
    check(fd >= 0, path);
    for (int i = 0; i < count; i++) {
        int pid = fork();
        check(pid >= 0, "fork");
        if (pid == 0) {
            usleep(rand() % 1000);
            _exit(0);
        }
        rand();
        int errno_of_register = ask(fd, REGISTER, pid, EXIT, SIGRTMIN);
        siginfo_t info;
        if (errno_of_register == 0) {
            int got = wait_signal(&info, SECONDS) == SIGRTMIN && info.si_pid == pid;
            told += got;
            missed += !got;
        } else {
            errno = errno_of_register;
            check(errno == ESRCH, "ioctl");
            gone++;
        }
        waitpid(pid, NULL, 0);
    }
    printf("= %d %d %d\n", told, missed, gone);
    return 0;
}

static int tree(int depth) {
    for (int i = 0; depth > 0 && i < 2; i++) {
        int pid = fork();
        check(pid >= 0, "fork");
        if (pid == 0) {
            _exit(tree(depth - 1));
        }
    }
    while (wait(NULL) > 0) {
    }
    return 3;
}

static int life(void) {
    int pid = fork();
    check(pid >= 0, "fork");
    if (pid == 0) {
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    int tid = make_thread();
    end_thread();
    printf("= %d %d\n", pid, tid);
    for (;;) {
        pause();
    }
}

int main(int count, char **words) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    sigemptyset(&blocked);
    for (int i = SIGRTMIN; i <= SIGRTMAX; i++) {
        sigaddset(&blocked, i);
    }
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    if (count == 5 && strcmp(words[1], "many") == 0) {
        return many(words[2], atoi(words[3]), atoi(words[4]));
    }
    if (count == 4 && strcmp(words[1], "race") == 0) {
        return race(words[2], atoi(words[3]));
    }
    int is_tree = count == 3 && strcmp(words[1], "tree") == 0;
    if (is_tree || (count == 2 && strcmp(words[1], "life") == 0)) {
        printf("= %d\n", getpid());
        getchar();
        return is_tree ? tree(atoi(words[2])) : life();
    }
    check(count == 2, "usage");
    return obey(words[1]);
}
