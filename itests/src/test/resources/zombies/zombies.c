/* SPDX-License-Identifier: Apache-2.0 */
/* Makes zombies, says how many, and reaps them when the standard input ends.  zombies N */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int wanted = argc > 1 ? atoi(argv[1]) : 0;
    int made = 0;
    char byte;

    for (int i = 0; i < wanted; i++) {
        pid_t pid = fork();

        if (pid == 0)
            _exit(3);
        made += pid > 0;
    }
    printf("%d\n", made);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    while (wait(NULL) > 0)
        ;
    printf("reaped\n");
    return 0;
}
