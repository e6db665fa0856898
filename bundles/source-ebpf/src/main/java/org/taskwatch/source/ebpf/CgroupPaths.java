// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.RawText;
import org.taskwatch.linux.CgroupMount;
import org.taskwatch.linux.LinuxException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The paths of the control groups of the unified hierarchy by their ids. For the pump thread, except
/// [#areAllUnified] and [#canLookUp].
///
/// Of groups that are made while they are wanted a program tells id and path ([CgroupProgram]), before any task
/// can be in them. So a group may be removed at once. The path of an older one, or one too long for the program,
/// is looked up by its id. No id is ever used again.
final class CgroupPaths implements AutoCloseable {
    /// So many paths are kept, those that were asked for last: more than 8 MiB it never is.
    static final int MOST = 1024;

    private static final Path NAMESPACE = Path.of("/proc/self/ns/cgroup");
    private static final String FIRST =
            "cgroup:[4026531835]"; // PROC_CGROUP_INIT_INO, linux/proc_ns.h
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int EPERM = 1; // asm-generic/errno-base.h: without CAP_DAC_READ_SEARCH
    private static final int ESTALE = 116; // asm-generic/errno.h: it was removed

    private static final String ROOT = "/";
    private static final String UNKNOWN = "";

    private final Map<Long, String> paths =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
                    return size() > MOST;
                }
            };

    private final String folder;
    private final boolean hasOlder;
    private @Nullable CgroupMount mount;
    private boolean isFirst = true; // namespace

    /// Makes one that looks nothing up.
    ///
    /// @param folder where the hierarchy is mounted, empty if it is not
    /// @param hasOlder whether there are hierarchies of version 1 too
    CgroupPaths(String folder, boolean hasOlder) {
        this.folder = folder;
        this.hasOlder = hasOlder;
    }

    /// Opens the hierarchy that this process sees. In a cgroup namespace of its own it sees other paths than the
    /// programs, so theirs are not taken. If it sees none, or may not look into it, only the paths of new
    /// groups will be known.
    static CgroupPaths open() {
        CgroupPaths opened = new CgroupPaths("", true);
        try {
            opened = ofMounts(Files.readString(MOUNTS));
            opened.isFirst = FIRST.equals(Files.readSymbolicLink(NAMESPACE).toString());
            if (!opened.folder.isEmpty()) {
                opened.mount = mount(opened.folder);
            }
        } catch (IOException | LinuxException e) {
            System.getLogger(CgroupPaths.class.getName())
                    .log(System.Logger.Level.DEBUG, "Control groups can't be looked up", e);
        }
        return opened;
    }

    /// {@return a mount in which groups can be looked up}
    ///
    /// @throws LinuxException EPERM if this process may not look them up
    private static CgroupMount mount(String folder) throws IOException, LinuxException {
        CgroupMount mount = CgroupMount.open(folder);
        try {
            mount.path((long) Files.getAttribute(Path.of(folder), "unix:ino"));
            return mount;
        } catch (IOException | LinuxException e) {
            mount.close();
            throw e;
        }
    }

    /// {@return one for the mounts of a text in the format of `/proc/self/mountinfo`, that looks nothing up} Of a
    /// mount fields 4 and 5 are what of the file system is mounted and where, and the type stands behind ` - `.
    static CgroupPaths ofMounts(String text) {
        String folder = "";
        boolean hasOlder = false;
        for (String line : text.split("\n")) {
            String[] fields = line.split(" ");
            hasOlder |= line.contains(" - cgroup ");
            if (line.contains(" - cgroup2 ") && fields[3].equals(ROOT)) {
                folder = fields[4];
            }
        }
        return new CgroupPaths(folder, hasOlder);
    }

    /// {@return whether the path of each task's group is that of this hierarchy} Where version 1 is in use too, the
    /// path of a task in the root of this one is what version 1 says, see [org.taskwatch.api.Cgroup].
    boolean areAllUnified() {
        return !hasOlder;
    }

    /// {@return whether older groups can be looked up}
    boolean canLookUp() {
        return mount != null;
    }

    /// Takes note of a group that was made.
    ///
    /// @param path as the program has it: empty if it could not be read, and without its end if it is longer than
    ///     [RecordLayout#MOST_GROUP_PATH] allows
    void created(long id, String path) {
        int bytes = RawText.bytes(path).length;
        if (isFirst && bytes > 0 && bytes < RecordLayout.MOST_GROUP_PATH - 1) {
            paths.put(id, path);
        }
    }

    /// {@return the path of a group; null if it is not known, or says nothing because the group is the root and
    /// version 1 is in use}
    ///
    /// @param id of the group
    @Nullable String path(long id) {
        String known = paths.get(id);
        String path = known == null ? lookUp(id) : known;
        return path.equals(UNKNOWN) || path.equals(ROOT) && hasOlder ? null : path;
    }

    /// Keeps what it finds, also that there is nothing to be found. What fails for want of memory or descriptors
    /// is tried again.
    private String lookUp(long id) {
        CgroupMount open = mount;
        String path = UNKNOWN;
        try {
            path = open == null ? UNKNOWN : below(RawText.of(open.path(id)));
        } catch (LinuxException e) {
            if (e.errno() != ESTALE && e.errno() != EPERM) {
                return UNKNOWN;
            }
        }
        paths.put(id, path);
        return path;
    }

    /// {@return what a path of the file system is below the mount; UNKNOWN if the group was removed meanwhile}
    String below(String path) {
        if (!path.startsWith(folder) || path.endsWith(" (deleted)")) {
            return UNKNOWN;
        }
        String below = path.substring(folder.length());
        return below.isEmpty() ? ROOT : below;
    }

    @Override
    public void close() {
        CgroupMount open = mount;
        if (open != null) {
            open.close();
        }
    }
}
