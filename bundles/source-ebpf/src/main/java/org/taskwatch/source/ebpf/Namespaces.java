// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.api.Detail;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Makes a detail of what [NamespacesPart] tells. Most tasks are in the same namespaces as the one before, and
/// share it. For the pump thread only.
final class Namespaces {
    /// The types, as `/proc/TID/ns` names them, in the order in which their numbers stand in a record.
    static final List<String> TYPES =
            List.of("cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts");

    private final int[] last = new int[TYPES.size()];
    private final int[] now = new int[TYPES.size()];
    private Detail<Map<String, Long>> known = Detail.of(Map.of());

    /// {@return where in a record the number of a namespace is}
    static int at(String type) {
        return RecordLayout.NAMESPACES + TYPES.indexOf(type) * Integer.BYTES;
    }

    /// {@return the namespaces that a record of the ring tells}
    Detail<Map<String, Long>> of(ByteBuffer data, int at) {
        for (int i = 0; i < now.length; i++) {
            now[i] = data.getInt(at + RecordLayout.NAMESPACES + i * Integer.BYTES);
        }
        if (!Arrays.equals(now, last)) {
            System.arraycopy(now, 0, last, 0, now.length);
            known = Detail.of(named(now));
        }
        return known;
    }

    private static Map<String, Long> named(int[] numbers) {
        Map<String, Long> ids = new TreeMap<>();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] != 0) {
                ids.put(TYPES.get(i), Integer.toUnsignedLong(numbers[i]));
            }
        }
        return Collections.unmodifiableMap(ids);
    }
}
