// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Detail;
import org.taskwatch.api.RawText;

/// Cuts texts of details, and says how much memory they hold.
final class TextBounds {
    // Of the detail, the string, and the header of its array.
    private static final int OBJECT_BYTES = 64;
    private static final int MOST_BYTES_OF_A_CHAR = 3;

    private TextBounds() {}

    /// {@return about how many bytes of memory a text holds, rather too many}
    static int heapBytes(Detail<String> text) {
        return heapBytes(text.orElse(""));
    }

    /// {@return about how many bytes of memory the path of a control group holds, rather too many}
    static int heapBytesOfPath(Detail<Cgroup> group) {
        return group.value().map(known -> heapBytes(known.path())).orElse(0);
    }

    private static int heapBytes(String text) {
        return text.isEmpty() ? 0 : OBJECT_BYTES + Character.BYTES * text.length();
    }

    /// {@return a text of so many bytes at most}
    static Detail<String> beginning(Detail<String> text, int limit) {
        String known = text.orElse("");
        String beginning = beginning(known, limit);
        return beginning.equals(known) ? text : Detail.cut(beginning);
    }

    /// {@return a control group with a path of so many bytes at most}
    static Detail<Cgroup> beginningOfPath(Detail<Cgroup> group, int limit) {
        if (group.value().isEmpty()) {
            return group;
        }
        Cgroup known = group.value().get();
        String beginning = beginning(known.path(), limit);
        return beginning.equals(known.path())
                ? group
                : Detail.cut(new Cgroup(beginning, known.container()));
    }

    private static String beginning(String text, int limit) {
        if (text.length() <= limit / MOST_BYTES_OF_A_CHAR) {
            return text;
        }
        byte[] bytes = RawText.bytes(text);
        return bytes.length <= limit ? text : RawText.of(bytes, 0, limit);
    }
}
