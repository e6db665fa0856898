// SPDX-License-Identifier: Apache-2.0
// Two execs at once: /proc is read late for the first. Its EXEC must not mix the two programs.  torn
#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1) { execl("/bin/sh", "sh", "-c", "sleep 0.2; :", NULL); perror("exec"); return 1; }
    execl("/proc/self/exe", "torn", "again", NULL);
    perror("exec");
    return 1;
}
