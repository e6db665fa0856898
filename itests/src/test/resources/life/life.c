// SPDX-License-Identifier: Apache-2.0
// Processes whose lives are out of the ordinary. Each mode writes the numbers that the test needs on
// one line; those that wait do so until the standard input ends.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_t first;
static pthread_mutex_t all_started = PTHREAD_MUTEX_INITIALIZER;

static void say(int a, int b) {
    printf("%d %d\n", a, b);
    fflush(stdout);
}

static void await_end_of_input(void) {
    char byte;
    while (read(0, &byte, 1) > 0) {
    }
}

static void fail(const char *what) {
    perror(what);
    exit(99);
}

static void start(pthread_t *thread, void *(*body)(void *)) {
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    if (pthread_create(thread, &small, body, NULL) != 0) {
        fail("pthread_create");
    }
}

static void *outlive(void *nothing) {
    pthread_join(first, NULL);
    say(getpid(), (int)syscall(SYS_gettid));
    await_end_of_input();
    exit(7);
}

static void leader(void) { // the first thread exits before the other
    pthread_t thread;
    first = pthread_self();
    start(&thread, outlive);
    pthread_exit(NULL);
}

static void *execute(void *nothing) {
    say(getpid(), (int)syscall(SYS_gettid));
    execl("/bin/sh", "sh", "-c", "exit 3", (char *)NULL);
    fail("execl");
    return NULL;
}

static void *rest(void *nothing) {
    pause();
    return NULL;
}

static void exec(void) { // another thread than the first executes a program
    pthread_t thread;
    start(&thread, rest);
    start(&thread, execute);
    pause();
}

static void zombie(void) { // a child that nobody reaps
    pid_t child = fork();
    if (child == 0) {
        _exit(5);
    }
    siginfo_t info;
    waitid(P_PID, child, &info, WEXITED | WNOWAIT);
    say(getpid(), child);
    await_end_of_input();
}

static void orphan(void) { // a child whose parent exits first
    pid_t forker = fork();
    if (forker == 0) {
        pid_t child = fork();
        if (child == 0) {
            await_end_of_input();
            _exit(4);
        }
        say(getpid(), child);
        _exit(0);
    }
    waitpid(forker, NULL, 0);
    await_end_of_input();
}

static int fork_as(pid_t wanted, int status) {
    FILE *last = fopen("/proc/sys/kernel/ns_last_pid", "w");
    if (last == NULL || fprintf(last, "%d", wanted - 1) < 0 || fclose(last) != 0) {
        fail("ns_last_pid");
    }
    pid_t child = fork();
    if (child == 0) {
        _exit(status);
    }
    waitpid(child, NULL, 0);
    return child;
}

static void reuse(void) { // a pid that is used again at once
    for (int i = 0; i < 100; i++) { // others may take it first
        pid_t child = fork();
        if (child == 0) {
            _exit(1);
        }
        waitpid(child, NULL, 0);
        if (fork_as(child, 2) == child) {
            say(getpid(), child);
            return;
        }
    }
    say(getpid(), 0);
}

static pid_t clone_as(int flags) { // a fork of another kind
    pid_t child = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
    if (child < 0) {
        fail("clone");
    }
    return child;
}

static void sibling(void) { // a child that another child of its parent has made
    int results[2];
    if (pipe(results) != 0) {
        fail("pipe");
    }
    pid_t maker = fork();
    if (maker == 0) {
        pid_t child = clone_as(CLONE_PARENT);
        if (child == 0) {
            _exit(6);
        }
        _exit(write(results[1], &child, sizeof child) != sizeof child);
    }
    pid_t child;
    if (read(results[0], &child, sizeof child) != sizeof child) {
        fail("read");
    }
    while (wait(NULL) > 0) {
    }
    say(maker, child);
}

static void new_pids(void) { // a child and a grandchild that have the pids 1 and 2
    pid_t child = clone_as(CLONE_NEWPID);
    if (child == 0) {
        pid_t grandchild = fork();
        if (grandchild == 0) {
            execl("/bin/sh", "sh", "-c", "exit 8", (char *)NULL);
            fail("execl");
        }
        waitpid(grandchild, NULL, 0);
        _exit(grandchild == 2 && getpid() == 1 ? 9 : 99);
    }
    waitpid(child, NULL, 0);
    say(getpid(), child);
}

static void map(pid_t child, const char *which, int outside) {
    char path[64];
    sprintf(path, "/proc/%d/%s", child, which);
    FILE *ids = fopen(path, "w");
    if (ids == NULL || fprintf(ids, "0 %d 1", outside) < 0 || fclose(ids) != 0) {
        fail(path);
    }
}

static void new_users(void) { // a child that is root among users of its own, and 4711 and 4712 outside
    int mapped[2];
    if (pipe(mapped) != 0) {
        fail("pipe");
    }
    pid_t child = clone_as(CLONE_NEWUSER);
    if (child == 0) {
        char byte;
        if (read(mapped[0], &byte, 1) != 1 || setgid(0) != 0 || setuid(0) != 0) {
            fail("setuid");
        }
        _exit(getuid() == 0 ? 10 : 99);
    }
    map(child, "uid_map", 4711);
    map(child, "gid_map", 4712);
    if (write(mapped[1], "", 1) != 1) {
        fail("write");
    }
    waitpid(child, NULL, 0);
    say(getpid(), child);
}

static void *await_all(void *gate) {
    pthread_mutex_lock(&all_started);
    pthread_mutex_unlock(&all_started);
    return gate;
}

static void threads(int count) { // all alive at the same time
    pthread_t *all = calloc(count, sizeof *all);
    pthread_mutex_lock(&all_started);
    for (int i = 0; i < count; i++) {
        start(&all[i], await_all);
    }
    pthread_mutex_unlock(&all_started);
    for (int i = 0; i < count; i++) {
        pthread_join(all[i], NULL);
    }
    say(getpid(), count);
}

static void processes(int count) { // two workers, which execute every tenth child
    for (int worker = 0; worker < 2; worker++) {
        if (fork() == 0) {
            for (int i = 0; i < count / 2; i++) {
                pid_t child = vfork();
                if (child == 0) {
                    if (i % 10 == 0) {
                        execl("/bin/true", "true", (char *)NULL);
                    }
                    _exit(0);
                }
                waitpid(child, NULL, 0);
            }
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {
    }
    say(getpid(), count);
}

int main(int count, char **words) {
    const char *mode = words[1];
    int number = count > 2 ? atoi(words[2]) : 0;
    if (strcmp(mode, "leader") == 0) {
        leader();
    } else if (strcmp(mode, "exec") == 0) {
        exec();
    } else if (strcmp(mode, "zombie") == 0) {
        zombie();
    } else if (strcmp(mode, "orphan") == 0) {
        orphan();
    } else if (strcmp(mode, "reuse") == 0) {
        reuse();
    } else if (strcmp(mode, "sibling") == 0) {
        sibling();
    } else if (strcmp(mode, "pids") == 0) {
        new_pids();
    } else if (strcmp(mode, "users") == 0) {
        new_users();
    } else if (strcmp(mode, "threads") == 0) {
        threads(number);
    } else if (strcmp(mode, "processes") == 0) {
        processes(number);
    } else {
        return 98;
    }
    return 0;
}
