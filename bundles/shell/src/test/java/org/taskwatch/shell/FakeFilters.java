// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.taskwatch.api.Capture;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.spi.TaskFilters;

import java.util.Set;

/// Filters that ask for nothing; only those with the word `bad` are none.
final class FakeFilters implements TaskFilters {
    @Override
    public Matcher matcher(String text) {
        if (text.contains("bad")) {
            throw new IllegalArgumentException("filter " + text + ": no task has this");
        }
        return new Matcher() {
            @Override
            public boolean matches(Task task, TaskDetails details) {
                return true;
            }

            @Override
            public Set<Capture> captures() {
                return Set.of();
            }
        };
    }
}
