// SPDX-License-Identifier: Apache-2.0
// Executes itself with N one-byte arguments (550000 fits the kernel's 6 MiB) and sleeps S seconds.  bigargs N S
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
int main(int argc, char **argv) {
    if (argc > 3) { sleep(atoi(argv[1])); return 0; }
    if (argc < 3) { fprintf(stderr, "usage: bigargs N S\n"); return 2; }
    struct rlimit stack;
    getrlimit(RLIMIT_STACK, &stack);
    stack.rlim_cur = stack.rlim_max;
    setrlimit(RLIMIT_STACK, &stack);
    int n = atoi(argv[1]);
    char **next = malloc((n + 3) * sizeof *next);
    next[0] = argv[0];
    next[1] = argv[2];
    for (int i = 2; i < n + 2; i++) next[i] = "x";
    next[n + 2] = NULL;
    execv("/proc/self/exe", next);
    perror("exec");
    return 1;
}
