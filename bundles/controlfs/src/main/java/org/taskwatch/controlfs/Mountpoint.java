// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.taskwatch.linux.FuseDevice;
import org.taskwatch.linux.LinuxException;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The directory `fs` in the base, on which the file system is mounted: by mount(2), or by the
/// program `fusermount3` for users who may not.
final class Mountpoint {
    private static final String NAME = "taskwatch";
    private static final String TYPE = "fuse." + NAME;

    private final Path directory;
    private final int uid;
    private final int gid;

    /// Finds the directory, with symbolic links in the base resolved: nothing is mounted elsewhere.
    ///
    /// @param base the base of the instance
    /// @throws IOException if it can't be read
    Mountpoint(Path base) throws IOException {
        directory = base.toRealPath().resolve("fs");
        Path self = Path.of("/proc/self"); // it belongs to the effective ids
        uid = (Integer) Files.getAttribute(self, "unix:uid");
        gid = (Integer) Files.getAttribute(self, "unix:gid");
    }

    /// {@return the effective user id of this process}
    int uid() {
        return uid;
    }

    /// {@return its effective group id}
    int gid() {
        return gid;
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    /// Mounts the file system. First unmounts what an instance that was killed has left there: only
    /// one runs on a base.
    ///
    /// @return where its requests come from
    /// @throws IOException if something else is there, or unmounting or mounting fails
    FuseDevice mount() throws IOException {
        while (isMounted()) {
            unmount();
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory);
        }
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new DirectoryNotEmptyException(directory.toString());
            }
        }
        return device();
    }

    private FuseDevice device() throws IOException {
        LinuxException first;
        try {
            return FuseDevice.mount(directory, NAME, uid, gid);
        } catch (LinuxException e) {
            first = e;
        }
        try {
            return FuseDevice.mountByHelper(directory, NAME);
        } catch (LinuxException e) {
            throw new IOException(first.getMessage() + ", and " + e.getMessage(), e);
        }
    }

    /// Unmounts the file system: no new client finds it. Files that are open in it stay so.
    ///
    /// @throws IOException if that fails
    void unmount() throws IOException {
        try {
            FuseDevice.unmount(directory);
        } catch (LinuxException e) {
            unmountByHelper(e);
        }
    }

    private void unmountByHelper(LinuxException first) throws IOException {
        Process helper =
                new ProcessBuilder("fusermount3", "-u", "-z", "--", directory.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        int status = helper.onExit().join().exitValue();
        if (status != 0) {
            throw new IOException(
                    first.getMessage() + ", and fusermount3 -u exited with " + status, first);
        }
    }

    /// Removes the directory.
    ///
    /// @throws IOException if it can't be removed
    void remove() throws IOException {
        Files.deleteIfExists(directory);
    }

    /// `/proc/self/mountinfo`, see proc(5): id, parent, device, root, mount point, options, others,
    /// a hyphen, type. Special characters in a path are written as octal numbers.
    private boolean isMounted() throws IOException {
        // A byte as a character each: other mount points need not be UTF-8.
        String ours = new String(directory.toString().getBytes(UTF_8), ISO_8859_1);
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"), ISO_8859_1)) {
            List<String> fields = List.of(line.split(" "));
            if (unescape(fields.get(4)).equals(ours)) {
                String type = fields.get(fields.indexOf("-") + 1);
                if (!type.equals(TYPE)) {
                    throw new NotDirectoryException(
                            directory + " has a " + type + " mounted on it");
                }
                return true;
            }
        }
        return false;
    }

    private static String unescape(String path) {
        return Pattern.compile("\\\\([0-7]{3})")
                .matcher(path)
                .replaceAll(code -> {
                    char character = (char) Integer.parseInt(code.group(1), 8);
                    return Matcher.quoteReplacement(String.valueOf(character));
                });
    }
}
