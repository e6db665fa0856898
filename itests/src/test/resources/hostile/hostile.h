// SPDX-License-Identifier: Apache-2.0
// What the programs of the hostile user share: an activity runs until the standard input ends. Then
// all its processes are ended, and one line says what it has done: NAME COUNT, by turns.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COUNTERS = 4, COUNTERS_FD = 100, PATIENCE_MS = 20, STACK = 32768 };

struct activity {
    const char *mode;
    void (*act)(char **words); // runs in a process of its own; may return
    const char *counts[COUNTERS];
};

static long *counters; // shared by all processes of an activity, over exec too

static void check(int ok, const char *what) {
    if (!ok) {
        perror(what);
        exit(1);
    }
}

static void map_counters(void) {
    counters = mmap(NULL, COUNTERS * sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED, COUNTERS_FD, 0);
    check(counters != MAP_FAILED, "mmap");
}

static void count(int which) { __atomic_fetch_add(&counters[which], 1, __ATOMIC_RELAXED); }

static void sleep_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static void rest(void) {
    for (;;) {
        pause();
    }
}

// So that no process outlives its parent.
static pid_t fork_dying(void) {
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
            _exit(1);
        }
    }
    return pid;
}

// Waits, if more than so many were done in each second since the first call.
static void pace(long done, long per_second) {
    static struct timespec start;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (start.tv_sec == 0) {
        start = now;
    }
    long ms = (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
    long due = done * 1000 / per_second;
    if (due > ms) {
        sleep_ms(due - ms);
    }
}

// Starts threads that get their number.
static int start_threads(int many, pthread_t *threads, void *(*body)(void *)) {
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK);
    int made = 0;
    while (made < many && pthread_create(&threads[made], &small, body, (void *)(long)made) == 0) {
        made++;
    }
    return made;
}

static void kill_children(void) {
    char path[64];
    int pid;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
    FILE *children = fopen(path, "r");
    check(children != NULL, path);
    while (fscanf(children, "%d", &pid) == 1) {
        kill(pid, SIGKILL);
    }
    fclose(children);
}

// What loses its parent becomes a child of this process: so, in the end, all are.
static void end_all(void) {
    for (;;) {
        kill_children();
        pid_t pid;
        while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
        }
        if (pid < 0) {
            return;
        }
        sleep_ms(1);
    }
}

static void await_end_of_input(void) {
    struct pollfd input = {.fd = 0, .events = POLLIN};
    char bytes[64];
    while (poll(&input, 1, PATIENCE_MS) == 0 || read(0, bytes, sizeof bytes) > 0) {
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
    }
}

static void supervise(const struct activity *activity, char **words) {
    int memory = memfd_create("counters", 0);
    check(memory >= 0 && ftruncate(memory, COUNTERS * sizeof *counters) == 0, "memfd_create");
    check(dup2(memory, COUNTERS_FD) == COUNTERS_FD && close(memory) == 0, "dup2");
    map_counters();
    check(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0, "prctl");
    pid_t worker = fork_dying();
    check(worker >= 0, "fork");
    if (worker == 0) {
        activity->act(words);
        rest();
    }
    await_end_of_input();
    end_all();
    for (int i = 0; i < COUNTERS && activity->counts[i] != NULL; i++) {
        printf("%s %ld ", activity->counts[i], counters[i]);
    }
    printf("\n");
}

static int run(const struct activity *activities, char **words) {
    for (const struct activity *a = activities; words[0] != NULL && a->mode != NULL; a++) {
        if (strcmp(words[0], a->mode) == 0) {
            supervise(a, words + 1);
            return 0;
        }
    }
    fprintf(stderr, "no such activity\n");
    return 2;
}
