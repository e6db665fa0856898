// SPDX-License-Identifier: Apache-2.0
// Executes a program with arguments that are out of the ordinary, or in a way that is.
//     arguments MODE PROGRAM [NUMBER]
#define _GNU_SOURCE
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char *no_variables[] = {NULL};
static const char *program;

static void fail(const char *what) {
    perror(what);
    exit(99);
}

static void execute(char **words) {
    execve(program, words, no_variables);
    fail("execve");
}

static void spawn(char **words) {
    pid_t child;
    if (posix_spawn(&child, program, NULL, NULL, words, no_variables) != 0) {
        fail("posix_spawn");
    }
    waitpid(child, NULL, 0);
}

static void vfork_and_execute(char **words) {
    pid_t child = vfork();
    if (child == 0) {
        execve(program, words, no_variables);
        _exit(99);
    }
    waitpid(child, NULL, 0);
}

static void many(int count) { // by two workers, one by posix_spawn and one by vfork
    for (int worker = 0; worker < 2; worker++) {
        if (fork() == 0) {
            for (int i = 0; i < count / 2; i++) {
                char id[32];
                sprintf(id, "%d-%d", worker, i);
                char *words[] = {(char *)program, "a", "b", "c", id, NULL};
                (worker == 0 ? spawn : vfork_and_execute)(words);
            }
            _exit(0);
        }
    }
    while (wait(NULL) > 0) {
    }
}

static void none(void) {
    char *words[] = {NULL};
    execute(words);
}

static char *word(int bytes) {
    char *word = malloc(bytes + 1);
    memset(word, 'x', bytes);
    word[bytes] = 0;
    return word;
}

static void large(int count) { // so many words of 128 KiB, the most for one
    struct rlimit stack; // all of them may take a quarter of it, and no more than 6 MiB
    getrlimit(RLIMIT_STACK, &stack);
    stack.rlim_cur = stack.rlim_max;
    setrlimit(RLIMIT_STACK, &stack);
    char **words = calloc(count + 2, sizeof *words);
    words[0] = "large";
    for (int i = 1; i <= count; i++) {
        words[i] = word((128 << 10) - 1);
    }
    execute(words);
}

static void odd(void) {
    char *words[] = {"odd", "\xff\xfe\x80 a\n\tb", "", "\xc3\xa4", NULL};
    execute(words);
}

static void *execute_in_thread(void *nothing) {
    char *words[] = {"by", "a thread", NULL};
    execute(words);
    return nothing;
}

static void by_a_thread(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, execute_in_thread, NULL);
    pause();
}

static void memory(void) { // a program that is in no folder
    int from = fileno(fopen(program, "r"));
    int to = memfd_create("a program", MFD_CLOEXEC);
    char buffer[65536];
    for (ssize_t length; (length = read(from, buffer, sizeof buffer)) > 0;) {
        if (write(to, buffer, length) != length) {
            fail("write");
        }
    }
    char *words[] = {"in memory", NULL};
    fexecve(to, words, no_variables);
    fail("fexecve");
}

int main(int count, char **words) {
    const char *mode = words[1];
    int number = count > 3 ? atoi(words[3]) : 0;
    program = words[2];
    if (strcmp(mode, "many") == 0) {
        many(number);
    } else if (strcmp(mode, "none") == 0) {
        none();
    } else if (strcmp(mode, "large") == 0) {
        large(number);
    } else if (strcmp(mode, "odd") == 0) {
        odd();
    } else if (strcmp(mode, "thread") == 0) {
        by_a_thread();
    } else if (strcmp(mode, "memory") == 0) {
        memory();
    } else {
        return 98;
    }
    return 0;
}
