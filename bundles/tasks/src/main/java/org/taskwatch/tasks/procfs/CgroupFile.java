// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Cgroup.Container;
import org.taskwatch.api.Cgroup.Runtime;
import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `/proc/PID/cgroup` says (`cgroups(7)`): a line `hierarchy:controllers:path` for each hierarchy;
/// that of version 2 is number 0 and names no controllers.
///
/// @param unified the path of version 2, `/` if there is none
/// @param older the paths of version 1
public record CgroupFile(String unified, List<String> older) {
    private static final String ROOT = "/";
    private static final String UNIFIED = "0::";
    private static final int FIELDS = 3;

    // The unit that systemd makes, RUNTIME-ID.scope, also as SLICE:RUNTIME:ID; or the folder
    // RUNTIME/ID. A process that watches over a container (libpod-conmon-ID.scope) is not in it.
    private static final Pattern NAMED =
            Pattern.compile(
                    "[/:](docker|cri-containerd|crio|libpod|libpod-payload)[-:/]"
                            + "([0-9a-f]{64})(?:\\.scope)?(?=/|$)");

    // Kubernetes without systemd: /kubepods/QOS/podUID/ID.
    private static final Pattern IN_POD =
            Pattern.compile("/kubepods(?:/[^/]+)?/pod[^/]+/([0-9a-f]{64})(?=/|$)");

    /// {@return what the file says of a task in a group of version 2}
    ///
    /// @param path of the group
    public static CgroupFile ofPath(String path) {
        return new CgroupFile(path, List.of());
    }

    static CgroupFile parse(byte[] text) {
        String unified = ROOT;
        List<String> older = new ArrayList<>();
        // The kernel escapes a line feed in a path. A line feed ends a line, and nothing else.
        for (String line : RawText.of(text).split("\n")) {
            String[] fields = line.split(":", FIELDS);
            if (line.startsWith(UNIFIED)) {
                unified = line.substring(UNIFIED.length());
            } else if (fields.length == FIELDS) { // the last line may be cut
                older.add(fields[FIELDS - 1]);
            }
        }
        return new CgroupFile(unified, older);
    }

    /// {@return whether it may be wrong for a task that exits: version 1 then says that it is in
    /// the root}
    boolean isDoubtful() {
        return unified.equals(ROOT) && !older.isEmpty();
    }

    /// {@return the group}
    ///
    /// @param limit how many bytes of its path are kept at most
    public Detail<Cgroup> cgroup(int limit) {
        String path =
                unified.equals(ROOT)
                        ? older.stream().filter(p -> !p.equals(ROOT)).findFirst().orElse(ROOT)
                        : unified;
        Optional<Container> container = Optional.ofNullable(container(path));
        byte[] bytes = RawText.bytes(path);
        return bytes.length > limit
                ? Detail.cut(new Cgroup(RawText.of(bytes, 0, limit), container))
                : Detail.of(new Cgroup(path, container));
    }

    /// {@return the innermost container of a path}
    private static @Nullable Container container(String path) {
        Container inner = null;
        for (Matcher named = NAMED.matcher(path); named.find(); ) {
            inner = new Container(named.group(2), runtime(named.group(1)));
        }
        Matcher inPod = IN_POD.matcher(path);
        return inner == null && inPod.find()
                ? new Container(inPod.group(1), Runtime.UNKNOWN)
                : inner;
    }

    private static Runtime runtime(String name) {
        return switch (name) {
            case "docker" -> Runtime.DOCKER;
            case "cri-containerd" -> Runtime.CONTAINERD;
            case "crio" -> Runtime.CRIO;
            default -> Runtime.PODMAN;
        };
    }
}
