// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.base;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.failure.Failure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/// Holds a base for one instance. The lock file holds the pid of its holder, and how far that is.
///
/// The lock is the kernel's (fcntl(2)): it goes with the process, however that ends, so it is
/// never stale. The file itself stays, because a lock on a deleted file would guard nothing.
public final class InstanceLock implements AutoCloseable {
    /// How far the holder is, in this order.
    public enum State {
        /// It does not answer commands yet.
        STARTING("is starting: it does not answer commands yet"),
        /// It answers commands.
        RUNNING(
                "does not answer: it has closed the session, or its bundle org.taskwatch.shell is"
                        + " stopped"),
        /// It does not answer commands any more.
        STOPPING("is stopping: it does not answer commands any more");

        private final String words;

        State(String words) {
            this.words = words;
        }

        /// {@return what to tell one who gets no answer}
        ///
        /// @param base the base of the instance
        /// @param pid its process
        public String told(Base base, long pid) {
            return "the instance on %s, pid %d, %s".formatted(base.directory(), pid, words);
        }
    }

    private final FileChannel channel;

    @GuardedBy("this")
    private State state = State.STARTING;

    private InstanceLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Locks a base for this process.
    ///
    /// @param base the base
    /// @return the lock, to be closed when the instance has ended
    /// @throws Failure if another instance holds it: its pid is named
    public static InstanceLock acquire(Base base) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            base.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new Failure(
                        "%s is in use by another instance: pid %s"
                                .formatted(base.directory(), pid(base.lock())));
            }
            channel.truncate(0);
            InstanceLock lock = new InstanceLock(channel);
            lock.write(State.STARTING);
            return lock;
        } catch (IOException e) {
            throw new Failure("cannot lock the base: " + Failure.reason(e));
        }
    }

    /// {@return the pid of the instance that holds a base, empty if none does} Not to be called by
    /// that instance: closing the file, it would lose its own lock.
    ///
    /// @param base the base
    /// @throws Failure if that cannot be found out
    public static OptionalLong holder(Base base) {
        try (FileChannel channel = FileChannel.open(base.lock(), StandardOpenOption.WRITE);
                FileLock lock = tryLock(channel)) {
            return lock != null
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(pid(base.lock())));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (AccessDeniedException e) {
            throw base.denied();
        } catch (NumberFormatException e) {
            throw new Failure("the instance on %s is just starting".formatted(base.directory()));
        } catch (IOException e) {
            throw new Failure("cannot ask for the instance: " + Failure.reason(e));
        }
    }

    /// {@return the pid of the process that seems to hold a base, empty if none does} As [#holder],
    /// but does not try the lock: an instance that starts meanwhile would find it taken. So it can
    /// mistake another program for the instance: one that has got the pid of a killed one, and
    /// locks any file.
    ///
    /// @param base the base
    public static OptionalLong likelyHolder(Base base) {
        try {
            String pid = pid(base.lock());
            // proc_locks(5): ID: POSIX ADVISORY WRITE PID MAJOR:MINOR:INODE START END
            boolean isHeld =
                    Files.readAllLines(Path.of("/proc/locks")).stream()
                            .map(line -> line.split(" +"))
                            .anyMatch(words -> words.length > 4 && words[4].equals(pid));
            return isHeld ? OptionalLong.of(Long.parseLong(pid)) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty(); // there is no such file
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    /// {@return how far the holder of a base is}
    ///
    /// @param base the base
    public static State state(Base base) {
        try {
            String[] words = Files.readString(base.lock()).strip().split(" ");
            return State.valueOf(words[words.length - 1]);
        } catch (IOException | IllegalArgumentException e) {
            return State.STARTING; // it has just taken the lock, or released it
        }
    }

    private static String pid(Path lock) throws IOException {
        return Files.readString(lock).strip().split(" ")[0];
    }

    /// Notes how far the holder is; does nothing if it was further.
    ///
    /// @param reached how far
    public synchronized void tell(State reached) {
        if (reached.compareTo(state) > 0) {
            state = reached;
            try {
                write(reached);
            } catch (IOException e) {
                // Not a static logger: this class is loaded before the log is set up.
                System.getLogger(InstanceLock.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "cannot write the lock: " + Failure.reason(e));
            }
        }
    }

    /// Always of the same length: a reader must never find the file without its pid.
    private void write(State reached) throws IOException {
        String text = "%d %8s\n".formatted(ProcessHandle.current().pid(), reached);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    /// Empties the file and releases the lock.
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
        }
    }
}
