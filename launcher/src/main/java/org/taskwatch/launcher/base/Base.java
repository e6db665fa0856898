// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.base;

import org.jspecify.annotations.Nullable;
import org.taskwatch.control.Arguments;
import org.taskwatch.launcher.failure.Failure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The base directory of one instance, and the places in it.
///
/// @param directory an absolute path
public record Base(Path directory) {
    /// The longest path of a Unix socket in bytes, the final zero left out: unix(7), sun_path.
    private static final int MAX_SOCKET_PATH = 107;

    /// The system property with the base of the service, where a package has one: `bin/taskwatch` sets it for the
    /// commands of those who look after the service.
    private static final String SERVICE = "taskwatch.service.base";

    private static final Integer ROOT = 0;
    private static final int OTHERS_WRITE = 2; // S_IWOTH of stat(2)

    /// {@return the base that was asked for, else that of the environment, else that of the service for those who look
    /// after one, else the user's own}
    ///
    /// @param option the directory that was asked for, null if none was
    public static Base of(@Nullable Path option) {
        return new Base((option != null ? option : byDefault()).toAbsolutePath().normalize());
    }

    /// {@return the base that the option `--base` of a command asks for, else as without one}
    ///
    /// @param arguments of the command
    public static Base chosenBy(Arguments arguments) {
        String option = arguments.value("base");
        return of(option == null ? null : Path.of(option));
    }

    private static Path byDefault() {
        String variable = System.getenv("TASKWATCH_BASE");
        if (variable != null && !variable.isEmpty()) {
            return Path.of(variable);
        }
        String service = System.getProperty(SERVICE);
        if (service != null) {
            return Path.of(service);
        }
        String home = System.getenv("HOME"); // what ~ is to a shell; user.home is of passwd(5)
        return Path.of(home != null ? home : System.getProperty("user.home"), ".taskwatch");
    }

    /// {@return the command that starts an instance on this base}
    public String runCommand() {
        if (directory.toString().equals(System.getProperty(SERVICE))) {
            return "systemctl start taskwatch";
        }
        return equals(of(null)) ? "taskwatch run" : "taskwatch run --base " + directory;
    }

    /// {@return what to tell one who may not reach the instance on this base}
    public Failure denied() {
        return new Failure(
                "permission denied: the instance in %s is another user's; become that user or root, or choose your own by --base or TASKWATCH_BASE"
                        .formatted(directory));
    }

    /// {@return the directory of the jars to deploy}
    public Path deploy() {
        return directory.resolve("deploy");
    }

    /// {@return the directory of the fragments that are linked to the core at the start}
    public Path link() {
        return directory.resolve("link");
    }

    /// {@return the directory of the configurations}
    public Path etc() {
        return directory.resolve("etc");
    }

    /// {@return the directory of the log}
    public Path log() {
        return directory.resolve("log");
    }

    /// {@return the directory of the control socket and the lock}
    public Path run() {
        return directory.resolve("run");
    }

    /// {@return the directory of what can be deleted while nothing runs}
    public Path cache() {
        return directory.resolve("cache");
    }

    /// {@return the file of the [InstanceLock]}
    public Path lock() {
        return run().resolve("lock");
    }

    /// {@return the control socket}
    public Path control() {
        return run().resolve("control");
    }

    /// Creates what is missing. `run` gives access to all commands, and the log tells what others
    /// have executed: only their owner may enter these two.
    ///
    /// @throws Failure if the base cannot be written, or others can write it, or its path is too long
    ///     for a socket
    public void create() {
        requireShort();
        List<Path> places = places();
        try {
            for (Path path : places) {
                Files.createDirectories(path);
                requireUsable(path);
            }
            for (Path path : new Path[] {log(), run()}) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            requireOwn(directory);
            for (Path path : places) {
                requireOwn(path);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private List<Path> places() {
        return List.of(deploy(), link(), etc(), log(), run(), cache());
    }

    private void requireShort() {
        int length = control().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_SOCKET_PATH) {
            throw new Failure(
                    "the base %s is too long: the path of its control socket has %d bytes, at most %d can be; choose another by --base"
                            .formatted(directory, length, MAX_SOCKET_PATH));
        }
    }

    /// Checks whether an instance could [#create] it, and creates nothing.
    ///
    /// @throws Failure as there
    public void check() {
        requireShort();
        try {
            if (!isMissing(directory)) {
                requireOwn(directory);
            }
            for (Path path : places()) {
                if (isMissing(path)) {
                    requireWritable(existing());
                } else {
                    requireUsable(path);
                    requireOwn(path);
                }
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /// {@return the directory, or while it is missing the nearest one above it}
    public Path existing() {
        Path path = directory;
        while (isMissing(path) && path.getParent() != null) {
            path = path.getParent();
        }
        return path;
    }

    /// {@return whether there is surely nothing: no link that leads nowhere, nor a mount that is dead}
    private static boolean isMissing(Path path) {
        return Files.notExists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /// An instance writes everywhere but among its configurations, which may be root's.
    private void requireUsable(Path path) throws IOException {
        if (!path.equals(etc()) || !Files.isDirectory(path)) {
            requireWritable(path);
        } else if (!Files.isReadable(path) || !Files.isExecutable(path)) {
            throw new AccessDeniedException(path.toString());
        }
    }

    private static void requireWritable(Path path) throws IOException {
        if (!Files.readAttributes(path, BasicFileAttributes.class).isDirectory()) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (!Files.isWritable(path)) {
            throw new AccessDeniedException(path.toString());
        }
    }

    private static Failure unwritable(IOException e) {
        return new Failure(
                "cannot write the base: %s; choose another by --base or TASKWATCH_BASE"
                        .formatted(Failure.reason(e)));
    }

    /// Whoever can write the base decides what the instance runs.
    private static void requireOwn(Path path) throws IOException {
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid"); // the effective uid
        Object owner = Files.getAttribute(path, "unix:uid");
        int mode = (int) Files.getAttribute(path, "unix:mode");
        if (!owner.equals(self) && !owner.equals(ROOT)) {
            throw new Failure(
                    "%s belongs to another user (uid %s), whose code the instance would run; choose another base by --base"
                            .formatted(path, owner));
        }
        if ((mode & OTHERS_WRITE) != 0) {
            throw new Failure(
                    "everybody can write %s, and so have the instance run his code; forbid it: chmod o-w '%s'"
                            .formatted(path, path));
        }
    }
}
