// SPDX-License-Identifier: Apache-2.0
// Makes children that use the machine, each in its own way, and says for each what wait4(2) tells of it:
// NAME PID USER_US SYSTEM_US MAXRSS_KIB MINFLT MAJFLT INBLOCK OUBLOCK
// usage FOLDER [late]: late lets each be a zombie until a line is read, and says "zombie PID" before
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double cpu(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void *burn(void *seconds)
{
	double end = cpu(CLOCK_THREAD_CPUTIME_ID) + *(double *) seconds;
	while (cpu(CLOCK_THREAD_CPUTIME_ID) < end)
		;
	return NULL;
}

static int late;
static double much = 0.2, some = 0.05, endless = 1e9;

static void busy(const char *folder)
{
	(void) folder;
	burn(&much);
}

static void large(const char *folder)
{
	(void) folder;
	size_t bytes = 64 << 20;
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	memset(memory, 1, bytes);
	munmap(memory, bytes); // the most counts, not what is left
}

static void writer(const char *folder)
{
	char block[4096] = "x", name[4096];
	snprintf(name, sizeof name, "%s/written", folder);
	int file = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0600);
	for (int i = 0; i < 256; i++)
		if (write(file, block, sizeof block) < 0)
			_exit(1);
	fsync(file);
}

// Threads that are ended by the exit of another one, in the middle.
static void ended(const char *folder)
{
	(void) folder;
	pthread_t thread;
	for (int i = 0; i < 20; i++)
		pthread_create(&thread, NULL, burn, &endless);
	burn(&some);
}

// The first thread leaves before the last one.
static void outlived(const char *folder)
{
	(void) folder;
	pthread_t thread;
	burn(&some);
	pthread_create(&thread, NULL, burn, &much);
	pthread_exit(NULL);
}

static void child(const char *name, void (*use)(const char *), const char *folder)
{
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		use(folder);
		_exit(0);
	}
	if (late) {
		siginfo_t info;
		waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
		printf("zombie %d\n", pid);
		fflush(stdout);
		getchar();
	}
	struct rusage r;
	wait4(pid, NULL, 0, &r);
	printf("%s %d %ld %ld %ld %ld %ld %ld %ld\n", name, pid,
	       r.ru_utime.tv_sec * 1000000L + r.ru_utime.tv_usec,
	       r.ru_stime.tv_sec * 1000000L + r.ru_stime.tv_usec,
	       r.ru_maxrss, r.ru_minflt, r.ru_majflt, r.ru_inblock, r.ru_oublock);
}

int main(int count, char **arguments)
{
	const char *folder = count > 1 ? arguments[1] : ".";
	late = count > 2;
	child("busy", busy, folder);
	child("large", large, folder);
	child("writer", writer, folder);
	child("ended", ended, folder);
	child("outlived", outlived, folder);
	return 0;
}
