// SPDX-License-Identifier: Apache-2.0
//
// What a hostile user does with processes and threads, for HostileUserIT.
//
//   tasks args             programs with 550,000 arguments, with one of 128 KiB, with 6 MiB in all
//   tasks crowd N          N programs at a time with 4,000 arguments each
//   tasks zombies N        N zombies at a time, again and again
//   tasks forks RATE       processes that live for microseconds
//   tasks execs RATE       one process that executes itself for ever, with arguments that are no text
//   tasks names RATE       a process that renames itself to what is no text, and programs so called
//   tasks ids RATE         changes its user id; the program must be setuid
//   tasks threads N        N threads at a time, again and again
//   tasks sessions RATE    daemons: orphans that lead a session of their own
//   tasks tree DEPTH       a chain of processes, each the child of the one before
//   tasks marks MS         not hostile: one process each MS, that executes this program; prints the pid
//                          of each when it has ended with 7; ends at the end of the input

#include "hostile.h"
#include <sched.h>
#include <semaphore.h>
#include <sys/resource.h>

enum { MANY = 550000, LONGEST = 131071, FULL = 46, SOME = 4000, KEPT = 8, HOLD_MS = 4000, MARK_STATUS = 7 };

static char *self = "/proc/self/exe";

static const char *const NOT_TEXT[] = {
    "\xff\xfe\x80", "\x1b[31mred", "a\nINFO all is well", "\xe2\x80\xaegpj.exe", "a\xff" "b", "%s%n{0}",
};
enum { NAMES = sizeof NOT_TEXT / sizeof NOT_TEXT[0] };

static char *repeated(char letter, int times) {
    char *text = malloc(times + 1);
    memset(text, letter, times);
    text[times] = 0;
    return text;
}

// Becomes a program that counts itself as number `which`, and waits.
static void execute_with(int which, int many, char *word) {
    static char *words[MANY + 4] = {"hostile", "kept"};
    char number[] = {'0' + which, 0};
    words[2] = number;
    for (int i = 0; i < many; i++) {
        words[3 + i] = word;
    }
    execv(self, words);
    perror("exec");
    _exit(1);
}

static void execute_big(int which) {
    int many[] = {MANY, 1, FULL};
    execute_with(which, many[which], which == 0 ? "x" : repeated('y', LONGEST));
}

// Copying so many arguments takes seconds where a hundred others want the processor: a program that was
// killed meanwhile, to make room for a later one, would never have been.
static void await_change(volatile long *counter, long before) {
    while (*counter == before) {
        sleep_ms(10);
    }
}

static void args(char **words) {
    (void)words;
    struct rlimit stack;
    getrlimit(RLIMIT_STACK, &stack);
    stack.rlim_cur = stack.rlim_max; // a quarter of it, and 6 MiB at most, is for arguments
    setrlimit(RLIMIT_STACK, &stack);
    pid_t kept[KEPT] = {0};
    for (int i = 0;; i++) {
        pid_t *slot = &kept[i % KEPT];
        if (*slot > 0) {
            kill(*slot, SIGKILL);
            waitpid(*slot, NULL, 0);
        }
        long before = counters[i % 3];
        *slot = fork_dying();
        if (*slot == 0) {
            execute_big(i % 3);
        }
        await_change(&counters[i % 3], before);
        sleep_ms(100);
    }
}

static void crowd(char **words) {
    for (int i = 1; i <= atoi(words[0]); i++) {
        if (fork_dying() == 0) {
            execute_with(0, SOME, "x");
        }
        pace(i, 200);
    }
}

static void zombies(char **words) {
    for (;;) {
        for (int i = 0; i < atoi(words[0]); i++) {
            pid_t pid = fork();
            if (pid == 0) {
                _exit(0);
            }
            if (pid > 0) {
                count(0);
            }
        }
        count(1);
        sleep_ms(HOLD_MS);
        while (waitpid(-1, NULL, 0) > 0) {
        }
    }
}

static void forks(char **words) {
    for (long i = 1;; i++) {
        pid_t pid = vfork();
        if (pid == 0) {
            _exit(0);
        }
        if (pid > 0) {
            waitpid(pid, NULL, 0);
            count(0);
        }
        pace(i, atol(words[0]));
    }
}

static void execs(char **words) {
    count(0);
    sleep_ms(1000 / atol(words[0]));
    execl(self, NOT_TEXT[counters[0] % NAMES], "again", words[0], "a\xff" "b", "x\nINFO forged", (char *)NULL);
    perror("exec");
    exit(1);
}

static void names(char **words) {
    char program[4096] = {0};
    check(readlink(self, program, sizeof program - 1) > 0, "readlink");
    for (int i = 0; i < NAMES; i++) {
        check(symlink(program, NOT_TEXT[i]) == 0 || errno == EEXIST, "symlink");
    }
    for (long i = 1;; i++) {
        prctl(PR_SET_NAME, NOT_TEXT[i % NAMES]);
        count(0);
        if (i % 50 == 0 && fork() == 0) {
            execl(NOT_TEXT[i / 50 % NAMES], NOT_TEXT[i / 50 % NAMES], "end", "1", (char *)NULL);
            _exit(1);
        }
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
        pace(i, atol(words[0]));
    }
}

static void ids(char **words) {
    uid_t real, effective, saved;
    check(getresuid(&real, &effective, &saved) == 0, "getresuid");
    for (long i = 1; real != saved; i++) {
        check(setresuid(-1, i % 2 == 0 ? saved : real, -1) == 0, "setresuid");
        count(0);
        pace(i, atol(words[0]));
    }
}

static sem_t leave;

static void *stay(void *nothing) {
    sem_wait(&leave);
    return nothing;
}

static void threads(char **words) {
    int most = atoi(words[0]);
    pthread_t *all = calloc(most, sizeof *all);
    sem_init(&leave, 0, 0);
    for (;;) {
        int made = start_threads(most, all, stay);
        __atomic_fetch_add(&counters[0], made, __ATOMIC_RELAXED);
        sleep_ms(HOLD_MS);
        for (int i = 0; i < made; i++) {
            sem_post(&leave);
        }
        for (int i = 0; i < made; i++) {
            pthread_join(all[i], NULL);
        }
    }
}

static void sessions(char **words) {
    for (long i = 1;; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            setsid();
            if (fork() == 0) {
                setsid();
                count(0);
            }
            _exit(0);
        }
        waitpid(pid, NULL, 0);
        pace(i, atol(words[0]));
    }
}

static char (*stacks)[STACK];

// A fork copies more the deeper its forker is; so all share one memory.
static int generation(void *left) {
    long more = (long)left - 1;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    count(0);
    if (more > 0) {
        clone(generation, stacks[more], CLONE_VM | SIGCHLD, (void *)more);
    }
    rest();
    return 0;
}

static void tree(char **words) {
    long depth = atol(words[0]);
    size_t size = depth * sizeof *stacks;
    stacks = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    check(stacks != MAP_FAILED, "mmap");
    for (;;) {
        pid_t top = fork_dying();
        if (top == 0) {
            generation((void *)depth);
        }
        sleep_ms(HOLD_MS);
        kill(top, SIGKILL);
        waitpid(top, NULL, 0);
    }
}

static void marks(int ms) {
    struct pollfd input = {.fd = 0, .events = POLLIN};
    int status;
    while (poll(&input, 1, ms) == 0) {
        pid_t pid = fork();
        if (pid == 0) {
            execl(self, "mark", "end", "7", (char *)NULL);
            _exit(1);
        }
        check(pid > 0 && waitpid(pid, &status, 0) == pid, "fork");
        check(WIFEXITED(status) && WEXITSTATUS(status) == MARK_STATUS, "exec");
        printf("%d\n", pid);
        fflush(stdout);
    }
}

static const struct activity ACTIVITIES[] = {
    {"args", args, {"550,000-arguments", "128-KiB-arguments", "6-MiB-in-all"}},
    {"crowd", crowd, {"programs-with-4,000-arguments"}},
    {"zombies", zombies, {"zombies", "rounds-of-zombies"}},
    {"forks", forks, {"short-lived-processes"}},
    {"execs", execs, {"execs-of-itself"}},
    {"names", names, {"renames", "programs-with-odd-names"}},
    {"ids", ids, {"changes-of-the-user-id"}},
    {"threads", threads, {"threads"}},
    {"sessions", sessions, {"daemons"}},
    {"tree", tree, {"generations-of-a-deep-tree"}},
    {NULL, NULL, {NULL}},
};

// Counts itself as what its parent does not see: that it runs.
static void execute_itself(char **words) {
    map_counters();
    if (strcmp(words[0], "kept") == 0) {
        count(words[1][0] - '0');
        rest();
    } else if (strcmp(words[0], "again") == 0) {
        execs(words + 1);
    }
}

int main(int size, char **words) {
    if (size > 2 && strcmp(words[1], "marks") == 0) {
        marks(atoi(words[2]));
        return 0;
    }
    if (size > 2 && strcmp(words[1], "end") == 0) {
        if (fcntl(COUNTERS_FD, F_GETFD) >= 0) {
            map_counters();
            count(1);
        }
        return atoi(words[2]);
    }
    if (size > 2 && (strcmp(words[1], "kept") == 0 || strcmp(words[1], "again") == 0)) {
        execute_itself(words + 1);
    }
    return run(ACTIVITIES, words + 1);
}
