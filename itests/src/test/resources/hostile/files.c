// SPDX-License-Identifier: Apache-2.0
//
// What a hostile user does with the control files of an instance, and with whatever else he may or may
// not reach of it, for HostileUserIT.
//
//   files readers FS N      N threads read all files at once, again and again, by halves
//   files handles FS        opens all files as often as it may, reads a little, and keeps them
//   files pollers FS N      N threads poll all files, with timeouts, and go away in the middle
//   files rubbish FS        writes, ioctls and other calls that make no sense
//   files doors BASE        tries to enter what is not his: the control socket, the log, the folders
//   files connector         listens to the kernel's process events, and says twice that he does not

#include "hostile.h"
#include <dirent.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

enum { MOST_FILES = 256, HOLD_MS = 4000 };

static char *files[MOST_FILES];
static int many_files;

static void find_files(const char *folder) {
    DIR *all = opendir(folder);
    check(all != NULL, folder);
    for (struct dirent *entry; (entry = readdir(all)) != NULL;) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.') {
            find_files(path);
        } else if (entry->d_type == DT_REG && many_files < MOST_FILES) {
            files[many_files++] = strdup(path);
        }
    }
    closedir(all);
}

static int open_counted(const char *path, int flags, int refused) {
    int fd = open(path, flags);
    if (fd < 0 && (errno == EACCES || errno == EPERM)) {
        count(refused);
    }
    return fd;
}

static void *read_halves(void *number) {
    char bytes[8192];
    for (long i = (long)number;; i++) {
        int fd = open_counted(files[i % many_files], O_RDONLY | O_NONBLOCK, 1);
        if (fd >= 0) {
            int got = pread(fd, bytes, 1, 0) >= 0;
            got += pread(fd, bytes, 1 + i % sizeof bytes, 0) >= 0;
            got += pread(fd, bytes, sizeof bytes, 1L << (i % 62)) >= 0;
            if (got > 0) {
                count(0);
            }
            close(fd);
        }
    }
    return NULL;
}

static void readers(char **words) {
    find_files(words[0]);
    start_threads(atoi(words[1]), calloc(atoi(words[1]), sizeof(pthread_t)), read_halves);
}

// Reads of one only: the text of a file may be megabytes, which are made anew for each that is open.
static void keep_all(const char *path) {
    char byte;
    int first = -1;
    // Others of his processes may make as many calls as he may.
    for (int fd; (fd = open(path, O_RDONLY | O_NONBLOCK)) >= 0 || errno == EAGAIN;) {
        if (fd < 0) {
            sleep_ms(1);
            continue;
        }
        count(0);
        if (first < 0) {
            first = fd;
            (void)!read(fd, &byte, 1);
        }
    }
    if (errno == ENFILE) {
        count(1);
    }
}

static void handles(char **words) {
    find_files(words[0]);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    for (;;) {
        for (int i = 0; i < many_files; i++) {
            keep_all(files[i]);
        }
        sleep_ms(HOLD_MS);
        close_range(COUNTERS_FD + 1, limit.rlim_cur, 0);
        close_range(3, COUNTERS_FD - 1, 0);
    }
}

static void *poll_and_leave(void *number) {
    for (long i = (long)number;; i++) {
        pid_t pid = fork_dying();
        if (pid == 0) {
            struct pollfd file = {.fd = open(files[i % many_files], O_RDONLY), .events = POLLIN};
            for (int j = 0; j < 20; j++) {
                if (file.fd >= 0 && poll(&file, 1, 1) >= 0) {
                    count(0);
                }
            }
            char byte;
            while (read(file.fd, &byte, 1) == 1) { // until it is killed, in the middle
            }
            rest();
        }
        sleep_ms(100);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    return NULL;
}

static void pollers(char **words) {
    find_files(words[0]);
    start_threads(atoi(words[1]), calloc(atoi(words[1]), sizeof(pthread_t)), poll_and_leave);
}

// None of these may succeed.
static void change(const char *path) {
    char other[4200];
    snprintf(other, sizeof other, "%s.\xff\n\xe2\x80\xae%0200d", path, rand());
    int done = chmod(path, 0777) == 0 || unlink(path) == 0 || rename(path, other) == 0;
    done |= mkdir(other, 0777) == 0 || mknod(other, 0666, 0) == 0 || symlink("/etc/passwd", other) == 0;
    done |= link(path, other) == 0 || open(other, O_CREAT | O_RDWR, 0666) >= 0;
    if (done) {
        count(2);
    }
}

static void rubbish(char **words) {
    static char bytes[1 << 20];
    find_files(words[0]);
    for (long i = 0;; i++) {
        const char *path = files[i % many_files];
        for (unsigned j = 0; j < sizeof bytes; j += 997) {
            bytes[j] = rand();
        }
        int fd = open_counted(path, rand() % 2 == 0 ? O_WRONLY | O_TRUNC : O_RDWR, 1);
        if (fd >= 0) {
            (void)!pwrite(fd, bytes, rand() % sizeof bytes, rand() % 3 == 0 ? rand() : 0);
            for (int j = 0; j < 20; j++) {
                ioctl(fd, (unsigned long)(unsigned)rand(), bytes);
                ioctl(fd, _IOC(_IOC_WRITE, 0xDE, rand() % 4, rand() % 64), bytes);
            }
            mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            lseek(fd, -1, SEEK_END);
            fallocate(fd, 0, 0, 1L << 40);
            count(0);
            close(fd);
        }
        change(path);
        pace(i, 500);
    }
}

static void doors(char **words) {
    static const char *const PLACES[] = {
        "run", "run/lock", "log", "log/taskwatch.log", "deploy/hostile.jar", "etc/hostile.cfg", "cache/hostile", "hostile",
    };
    struct sockaddr_un control = {.sun_family = AF_UNIX};
    snprintf(control.sun_path, sizeof control.sun_path, "%.80s/run/control", words[0]);
    for (long i = 1;; i++) {
        int client = socket(AF_UNIX, SOCK_STREAM, 0);
        count(connect(client, (struct sockaddr *)&control, sizeof control) == 0 ? 1 : 0);
        close(client);
        char path[4096];
        unsigned place = i % (sizeof PLACES / sizeof PLACES[0]);
        snprintf(path, sizeof path, "%s/%s", words[0], PLACES[place]);
        int fd = open(path, place < 4 ? O_RDONLY : O_RDWR | O_CREAT, 0666);
        count(fd >= 0 ? 1 : 0);
        close(fd);
        pace(i, 500);
    }
}

static void say(int fd, enum proc_cn_mcast_op what) {
    struct {
        struct nlmsghdr head;
        struct cn_msg message;
        enum proc_cn_mcast_op what;
    } __attribute__((packed)) request = {
        {.nlmsg_len = sizeof request, .nlmsg_type = NLMSG_DONE},
        {.id = {CN_IDX_PROC, CN_VAL_PROC}, .len = sizeof what},
        what,
    };
    if (send(fd, &request, sizeof request, 0) == sizeof request) {
        count(0);
    }
}

static void connector(char **words) {
    (void)words;
    for (long i = 1;; i++) {
        int fd = socket(PF_NETLINK, SOCK_DGRAM, NETLINK_CONNECTOR);
        struct sockaddr_nl group = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
        if (fd >= 0 && bind(fd, (struct sockaddr *)&group, sizeof group) == 0) {
            say(fd, PROC_CN_MCAST_LISTEN);
            say(fd, PROC_CN_MCAST_IGNORE);
            say(fd, PROC_CN_MCAST_IGNORE);
        }
        close(fd);
        pace(i, 50);
    }
}

static const struct activity ACTIVITIES[] = {
    {"readers", readers, {"reads-of-half-files", "refused-reads"}},
    {"handles", handles, {"handles-kept", "times-no-more-handles"}},
    {"pollers", pollers, {"polls"}},
    {"rubbish", rubbish, {"writes-of-rubbish", "refused-writes", "CHANGED"}},
    {"doors", doors, {"refused-at-doors", "ENTERED"}},
    {"connector", connector, {"messages-to-the-connector"}},
    {NULL, NULL, {NULL}},
};

int main(int size, char **words) {
    return size < 2 ? 2 : run(ACTIVITIES, words + 1);
}
