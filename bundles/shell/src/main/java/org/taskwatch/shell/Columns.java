// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jline.utils.WCWidth;
import org.taskwatch.api.Detail;

/// How many columns of a terminal a text takes. Of texts without control characters.
final class Columns {
    private Columns() {}

    /// {@return how many columns a text takes}
    static int of(String text) {
        int columns = 0;
        int point;
        for (int i = 0; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            columns += of(point);
        }
        return columns;
    }

    private static int of(int point) {
        return point < 0x7f ? 1 : Math.max(0, WCWidth.wcwidth(point));
    }

    /// {@return the longest beginning of a text that takes no more than some columns}
    static String beginning(String text, int columns) {
        int left = columns;
        int end = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            left -= of(point);
            if (left < 0) {
                return text.substring(0, end);
            }
            end += Character.charCount(point);
        }
        return text;
    }

    /// {@return a text that takes no more than some columns: the same, or a beginning and an ellipsis}
    ///
    /// @param columns at least 1
    static String cut(String text, int columns) {
        return of(text) <= columns ? text : beginning(text, columns - 1) + Detail.ELLIPSIS;
    }
}
