// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.fake;

import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.spi.TaskFilters;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Filters that can ask for the name, the user id, the control group and labels.
public final class FakeFilters implements TaskFilters {
    @Override
    public Matcher matcher(String text) {
        try {
            boolean isOfCgroup = text.contains("cgroup");
            return new FakeMatcher(
                    FrameworkUtil.createFilter(text),
                    isOfCgroup ? Set.of(Capture.CGROUP) : Set.of());
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' is no filter", e);
        }
    }

    private record FakeMatcher(Filter filter, Set<Capture> captures) implements Matcher {
        @Override
        public boolean matches(Task task, TaskDetails details) {
            Map<String, Object> known = new HashMap<>();
            details.labels().forEach((key, value) -> known.put("label." + key, value));
            details.comm().value().ifPresent(comm -> known.put("comm", comm));
            details.credentials().value().map(Credentials::uid).ifPresent(u -> known.put("uid", u));
            details.cgroup().value().map(Cgroup::path).ifPresent(c -> known.put("cgroup", c));
            return filter.matches(known);
        }
    }
}
