// SPDX-License-Identifier: Apache-2.0
//
// The least that a gate can cost: becomes a command whose forks all wait for a process that allows each at once.
//
//   allow COMMAND [ARGUMENT...]
//
// That process waits, receives and answers, and does nothing else; it ends with the command. Needs root. For x86-64
// and aarch64, not for programs of 32 bits.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS // since 6.6
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

static void fail(const char *what) {
    fprintf(stderr, "allow: %s: %s\n", what, strerror(errno));
    exit(125);
}

/* As the filter of a gate: clone3 does not exist, clone of a thread is not asked for. */
static int filter(void) {
    struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone3, 6, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_clone, 2, 0),
#ifdef __NR_fork
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_fork, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_vfork, 2, 4),
#else
        BPF_JUMP(BPF_JMP | BPF_JA, 5, 0, 0),
        BPF_JUMP(BPF_JMP | BPF_JA, 4, 0, 0),
#endif
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x10000, 2, 0), // CLONE_THREAD
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof steps / sizeof *steps, steps};
    int listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    if (listener < 0) {
        fail("installing the filter");
    }
    return listener;
}

/* Ends with its parent. */
static void allow_all(pid_t parent, int number, int taken) {
    int process = (int)syscall(SYS_pidfd_open, parent, 0);
    int listener = (int)syscall(SYS_pidfd_getfd, process, number, 0);
    if (listener < 0) {
        fail("taking the listener");
    }
    close(taken);
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
    struct pollfd poll_of = {.fd = listener, .events = POLLIN};
    while (poll(&poll_of, 1, -1) > 0 && (poll_of.revents & POLLIN) != 0) {
        struct seccomp_notif call = {0};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) == 0) {
            struct seccomp_notif_resp answer = {.id = call.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
            ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
        }
    }
    _exit(0);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("usage: allow COMMAND [ARGUMENT...]\n", stderr);
        return 125;
    }
    int ends[2];
    pid_t parent = getpid();
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        fail("socketpair");
    }
    int number;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (read(ends[1], &number, sizeof number) == sizeof number) {
            allow_all(parent, number, ends[1]);
        }
        _exit(1);
    }
    close(ends[1]);
    number = filter();
    char byte;
    if (pid < 0 || write(ends[0], &number, sizeof number) != sizeof number || read(ends[0], &byte, 1) != 0) {
        fail("starting the process that allows");
    }
    execvp(argv[1], argv + 1); // which closes the listener here
    fail(argv[1]);
}
