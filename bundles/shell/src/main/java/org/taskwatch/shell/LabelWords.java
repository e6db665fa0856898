// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.tasks.Label;

import java.util.ArrayList;
import java.util.List;

/// What words say of labels.
///
/// @param set the labels that are set, by `KEY=VALUE`
/// @param removed the keys of those that are taken away, by `KEY=`
record LabelWords(List<Label> set, List<String> removed) {
    /// {@return what they say}
    ///
    /// @param isUntilExec whether an exec drops what is set
    /// @throws IllegalArgumentException if they say something else
    static LabelWords of(List<String> words, boolean isUntilExec) {
        LabelWords all = new LabelWords(new ArrayList<>(), new ArrayList<>());
        for (String word : words) {
            String[] parts = word.split("=", 2);
            if (parts.length == 1) {
                throw new IllegalArgumentException(
                        "expected KEY=VALUE, or KEY= to take one away, is \"%s\""
                                .formatted(TaskText.printable(word)));
            }
            Label.checkKey(parts[0]);
            if (parts[1].isEmpty()) {
                all.removed.add(parts[0]);
            } else {
                all.set.add(new Label(parts[0], parts[1], isUntilExec));
            }
        }
        return all;
    }
}
