// SPDX-License-Identifier: Apache-2.0
// Makes children that end in all ways, and says of each what its parent knows of it:
// PID UID GID STATUS CPU_US FORKED NAME
// FORKED is 1 if it has executed nothing; NAME is in hexadecimal digits.
// storm FILE: with the kernel's own accounting to that file, if it lets us; says "acct ERRNO" else
// storm off: switches that off
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 40

static int round_number;

static void quits(void)
{
	_exit(round_number * 7 & 0xff);
}

static void shot(void)
{
	kill(getpid(), SIGKILL);
}

static void busy(void)
{
	struct timespec t;
	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	while (t.tv_nsec < 30 * 1000 * 1000);
}

static void odd(void)
{
	prctl(PR_SET_NAME, "\xff\xc3\xa4 x");
}

static void longest(void)
{
	prctl(PR_SET_NAME, "a name that is too long");
}

static void program(void)
{
	execl("/bin/sh", "sh", "-c", "exit 7", NULL);
}

static void ended(void)
{
	execl("/bin/sh", "sh", "-c", "kill -TERM $$", NULL);
}

static void user(const char *uid, const char *gid)
{
	execlp("setpriv", "setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "true", NULL);
	_exit(127);
}

static void first(void)
{
	user("50001", "60001");
}

static void second(void)
{
	user("50002", "60001");
}

static const struct {
	void (*run)(void);
	const char *name;
	int forked, uid, gid;
} kinds[] = {
	{ quits, "storm", 1, 0, 0 },
	{ shot, "storm", 1, 0, 0 },
	{ busy, "storm", 1, 0, 0 },
	{ odd, "\xff\xc3\xa4 x", 1, 0, 0 },
	{ longest, "a name that is ", 1, 0, 0 },
	{ program, "sh", 0, 0, 0 },
	{ ended, "sh", 0, 0, 0 },
	{ first, "true", 0, 50001, 60001 },
	{ second, "true", 0, 50002, 60001 },
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static void tell(pid_t pid, int kind)
{
	int status;
	struct rusage used;
	wait4(pid, &status, 0, &used);
	long us = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L
		+ used.ru_utime.tv_usec + used.ru_stime.tv_usec;
	printf("%d %d %d %d %ld %d ", pid, kinds[kind].uid, kinds[kind].gid, status, us,
		kinds[kind].forked);
	for (const char *c = kinds[kind].name; *c; c++)
		printf("%02x", (unsigned char) *c);
	puts("");
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	if (!strcmp(argv[1], "off"))
		return acct(NULL) != 0;
	if (acct(argv[1]))
		printf("acct %d\n", errno);
	for (round_number = 0; round_number < ROUNDS; round_number++) {
		pid_t pids[KINDS];
		fflush(stdout);
		for (int i = 0; i < KINDS; i++) {
			pids[i] = fork();
			if (pids[i] == 0) {
				kinds[i].run();
				_exit(0);
			}
		}
		for (int i = 0; i < KINDS; i++)
			tell(pids[i], i);
	}
	acct(NULL);
	return 0;
}
