// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.usage;

import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.Usage;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What is known of a process of a test that has ended.
record Ended(
        Detail<String> comm,
        Detail<String> userName,
        Detail<Cgroup> cgroup,
        Map<String, String> labels,
        Detail<Usage> usage)
        implements TaskDetails {
    static final String CONTAINER = "c".repeat(64);

    /// A process of root, in a container, that has used a second and its number of milliseconds.
    static Ended of(String comm, int millis, Map<String, String> labels) {
        return new Ended(
                Detail.of(comm),
                Detail.of("root"),
                Detail.of(
                        new Cgroup(
                                "/c",
                                Optional.of(
                                        new Cgroup.Container(CONTAINER, Cgroup.Runtime.DOCKER)))),
                labels,
                Detail.of(
                        new Usage(
                                Duration.ofSeconds(1),
                                Duration.ofMillis(millis),
                                OptionalLong.of(millis * 1024L),
                                2,
                                3,
                                OptionalLong.empty(),
                                OptionalLong.empty())));
    }

    static Ended of(String comm, int millis) {
        return of(comm, millis, Map.of());
    }

    /// {@return a process of which only the user's number is known}
    static Ended unknown() {
        Detail<String> text = Detail.unknown(Reason.GONE);
        return new Ended(
                text, text, Detail.unknown(Reason.GONE), Map.of(), Detail.unknown(Reason.GONE));
    }

    @Override
    public Detail<Credentials> credentials() {
        return Detail.of(new Credentials(-2, -2, -2, -2));
    }
}
