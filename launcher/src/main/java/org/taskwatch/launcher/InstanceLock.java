// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/// Holds a base for one instance. The lock file holds the pid of its holder.
///
/// The lock is the kernel's (fcntl(2)): it goes with the process, however that ends, so it is
/// never stale. The file itself stays, because a lock on a deleted file would guard nothing.
final class InstanceLock implements AutoCloseable {
    private final FileChannel channel;

    private InstanceLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Locks a base for this process.
    ///
    /// @throws Failure if another instance holds it: its pid is named
    static InstanceLock acquire(Base base) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            base.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new Failure(
                        "%s is in use by another instance: pid %s"
                                .formatted(base.directory(), content(base.lock())));
            }
            String pid = ProcessHandle.current().pid() + "\n";
            channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            return new InstanceLock(channel);
        } catch (IOException e) {
            throw new Failure("cannot lock the base: " + Failure.reason(e));
        }
    }

    /// {@return the pid of the instance that holds a base, empty if none does} Not to be called by
    /// that instance: closing the file, it would lose its own lock.
    ///
    /// @throws Failure if that cannot be found out
    static OptionalLong holder(Base base) {
        try (FileChannel channel = FileChannel.open(base.lock(), StandardOpenOption.WRITE);
                FileLock lock = tryLock(channel)) {
            return lock != null
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(content(base.lock())));
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
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
    static OptionalLong likelyHolder(Base base) {
        try {
            String pid = content(base.lock());
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

    private static String content(Path lock) throws IOException {
        return Files.readString(lock).strip();
    }

    /// Empties the file and releases the lock.
    @Override
    public void close() throws IOException {
        try (channel) {
            channel.truncate(0);
        }
    }
}
