// SPDX-License-Identifier: Apache-2.0
//
// Makes short tasks, one after the other in each worker, and knows what it made.
//
//   storm fork|vfork|spawn|thread WORKERS COUNT   as fast as it can, COUNT tasks per worker
//   storm steady RATE SECONDS                     RATE forks a second, by one worker
//   storm calls COUNT PAUSE                       COUNT forks, each PAUSE microseconds after the end of the one
//                                                 before; prints how many nanoseconds the call has taken: the
//                                                 median, and what 99 of 100 do not exceed
//
// Prints "FORKS EXECS EXITS NANOS". The counts hold the workers themselves, which are processes, but
// not this process. The time is from the start of the workers, which wait for each other, until all
// have ended. Then it lives until its standard input ends: who watches it may read of it until then.
#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NANOS_PER_SECOND 1000000000L

static char *self; // its path: spawned again, so that no other program is measured

static void fail(const char *what) {
    fprintf(stderr, "storm: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * NANOS_PER_SECOND + time.tv_nsec;
}

static void reap(pid_t pid) {
    int status;
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        fail("making a process");
    }
    if (status != 0) {
        fprintf(stderr, "storm: process %d ended with the wait status 0x%x\n", pid, status);
        exit(1);
    }
}

static void fork_one(void) {
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    reap(pid);
}

static void vfork_one(void) {
    pid_t pid = vfork();
    if (pid == 0) {
        _exit(0);
    }
    reap(pid);
}

static void spawn_one(void) {
    char *words[] = {self, "exit", NULL};
    char *environment[] = {NULL};
    pid_t pid;
    errno = posix_spawn(&pid, self, NULL, NULL, words, environment);
    reap(errno == 0 ? pid : -1);
}

static void *end(void *argument) {
    return argument;
}

static void thread_one(void) {
    pthread_t thread;
    errno = pthread_create(&thread, NULL, end, NULL);
    if (errno != 0) {
        fail("making a thread");
    }
    pthread_join(thread, NULL);
}

/* Prints the counts, and waits for the end of the standard input. */
static void report(long forks, long execs, long nanos) {
    char byte;
    printf("%ld %ld %ld %ld\n", forks, execs, forks, nanos);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
}

static const struct {
    const char *name;
    void (*one)(void);
    int execs;
} KINDS[] = {
    {"fork", fork_one, 0}, {"vfork", vfork_one, 0}, {"spawn", spawn_one, 1}, {"thread", thread_one, 0}};

/* Runs the workers: each waits until the pipe ends, which is so for all of them at once. */
static void storm(int kind, long workers, long count) {
    int gate[2];
    if (pipe(gate) != 0) {
        fail("pipe");
    }
    pid_t *pids = calloc((size_t)workers, sizeof *pids);
    for (long i = 0; i < workers; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            char byte;
            close(gate[1]);
            if (read(gate[0], &byte, 1) != 0) {
                fail("waiting for the start");
            }
            for (long done = 0; done < count; done++) {
                KINDS[kind].one();
            }
            _exit(0);
        }
    }
    long start = now();
    close(gate[1]);
    for (long i = 0; i < workers; i++) {
        reap(pids[i]);
    }
    long tasks = workers * count;
    free(pids);
    report(workers + tasks, KINDS[kind].execs * tasks, now() - start);
}

static void steady(long rate, long seconds) {
    long start = now();
    long forks = rate * seconds;
    for (long i = 0; i < forks; i++) {
        long next = start + i * NANOS_PER_SECOND / rate;
        struct timespec time = {next / NANOS_PER_SECOND, next % NANOS_PER_SECOND};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
        fork_one();
    }
    report(forks, 0, now() - start);
}

static int compare(const void *a, const void *b) {
    long one = *(const long *)a, other = *(const long *)b;
    return (one > other) - (one < other);
}

static void calls(long count, long pause) {
    long *nanos = calloc((size_t)count, sizeof *nanos);
    for (long i = 0; i < count; i++) {
        struct timespec time = {0, pause * 1000};
        nanosleep(&time, NULL);
        long start = now();
        pid_t pid = fork();
        if (pid == 0) {
            _exit(0);
        }
        nanos[i] = now() - start;
        reap(pid);
    }
    qsort(nanos, (size_t)count, sizeof *nanos, compare);
    printf("%ld %ld\n", nanos[count / 2], nanos[count * 99 / 100]);
    free(nanos);
}

int main(int argc, char **argv) {
    self = argv[0];
    if (argc == 2 && strcmp(argv[1], "exit") == 0) {
        return 0;
    }
    long first = argc == 4 ? atol(argv[2]) : 0;
    long second = argc == 4 ? atol(argv[3]) : 0;
    if (first > 0 && second > 0) {
        if (strcmp(argv[1], "steady") == 0) {
            steady(first, second);
            return 0;
        }
        if (strcmp(argv[1], "calls") == 0) {
            calls(first, second);
            return 0;
        }
        for (int kind = 0; kind < (int)(sizeof KINDS / sizeof *KINDS); kind++) {
            if (strcmp(argv[1], KINDS[kind].name) == 0) {
                storm(kind, first, second);
                return 0;
            }
        }
    }
    fputs("usage: storm fork|vfork|spawn|thread WORKERS COUNT | storm steady RATE SECONDS |"
          " storm calls COUNT PAUSE\n", stderr);
    return 2;
}
