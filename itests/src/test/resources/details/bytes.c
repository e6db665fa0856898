// SPDX-License-Identifier: Apache-2.0
// Two programs whose arguments differ only in bytes that are no UTF-8: \xff and \xfe. They must be
// told apart in JSON, in columns and in what a watcher gets; and no byte may steer a terminal, forge a
// line of the log, or turn the direction of writing (U+202E).  bytes 1|2
#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv) {
    char *arg = argc > 1 && argv[1][0] == '1' ? "a\xff" "b" : "a\xfe" "b";
    execl("/bin/sh", "sh", "-c", "sleep 0.3; :", arg, "x\nINFO forged", "\x1b[31mred", "\xe2\x80\xae" "gpj.exe", NULL);
    perror("exec");
    return 1;
}
