// SPDX-License-Identifier: Apache-2.0
//
// Forks, and says what came of it.
//
//   gated storm WORKERS FORKS MICROS   each worker forks FORKS times, while a timer signals it every MICROS
//                                      microseconds; prints "FORKED REFUSED", of all workers
//   gated one                          forks once, prints "forked", or the errno
//   gated ask                          prints "asking", then as `one`
//   gated until                        forks again and again until that works, then prints "forked"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "gated: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void ignore(int signal) {
    (void)signal;
}

static void signal_often(long micros) {
    struct sigaction action = {.sa_handler = ignore, .sa_flags = SA_RESTART};
    struct itimerval every = {{0, micros}, {0, micros}};
    if (sigaction(SIGALRM, &action, NULL) != 0 || setitimer(ITIMER_REAL, &every, NULL) != 0) {
        fail("setitimer");
    }
}

static void work(long forks, long counts[2]) {
    for (long i = 0; i < forks; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            _exit(0);
        }
        if (pid < 0 && errno != EAGAIN) {
            fail("fork");
        }
        if (pid > 0 && waitpid(pid, NULL, 0) != pid) {
            fail("waitpid");
        }
        counts[pid < 0]++;
    }
}

static void storm(int workers, long forks, long micros) {
    long(*counts)[2] = mmap(NULL, sizeof(long[workers][2]), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < workers; i++) {
        pid_t pid;
        while ((pid = fork()) < 0) { // a worker may be refused too
            if (errno != EAGAIN) {
                fail("fork of a worker");
            }
        }
        if (pid == 0) {
            signal_often(micros);
            work(forks, counts[i]);
            _exit(0);
        }
    }
    long forked = 0, refused = 0;
    for (int i = 0; i < workers; i++) {
        int status;
        if (wait(&status) < 0 || status != 0) {
            fail("a worker has failed");
        }
    }
    for (int i = 0; i < workers; i++) {
        forked += counts[i][0];
        refused += counts[i][1];
    }
    printf("%ld %ld\n", forked, refused);
}

static void fork_once(void) {
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    if (pid < 0) {
        printf("errno %d\n", errno);
    } else {
        waitpid(pid, NULL, 0);
        puts("forked");
    }
}

static void fork_until_it_works(void) {
    struct timespec pause = {0, 10000000};
    pid_t pid;
    while ((pid = fork()) < 0) {
        nanosleep(&pause, NULL);
    }
    if (pid == 0) {
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    puts("forked");
}

int main(int count, char **words) {
    if (count == 5 && !strcmp(words[1], "storm")) {
        storm(atoi(words[2]), atol(words[3]), atol(words[4]));
    } else if (count == 2 && !strcmp(words[1], "one")) {
        fork_once();
    } else if (count == 2 && !strcmp(words[1], "ask")) {
        puts("asking");
        fflush(stdout);
        fork_once();
    } else if (count == 2 && !strcmp(words[1], "until")) {
        fork_until_it_works();
    } else {
        fputs("usage: gated storm WORKERS FORKS MICROS | one | ask | until\n", stderr);
        return 2;
    }
    return 0;
}
