// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskNotification.Origin;
import org.taskwatch.testing.FakeDetails;
import org.taskwatch.testing.FakeTask;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/// What filters can ask, and which are refused.
public class TaskFilterTest {
    private static final String CONTAINER = "0123456789abcdef".repeat(4);

    private final Task init = FakeTask.process(1, null, "systemd");
    private final Task cron = FakeTask.process(20, init, "cron");
    private final Task shell = FakeTask.process(30, cron, "sh");
    private final FakeTask web =
            FakeTask.process(
                    40, shell, new InContainer(FakeDetails.of(new Credentials(33, 34, 0, 0))));

    private static boolean matches(String filter, FakeTask task) {
        return Objects.requireNonNull(TaskFilter.parse(filter))
                .matches(task.event(TaskEvent.EXEC, 0, 1));
    }

    @Test
    public void shouldAskForTheNameTheIdsAndThePlaceOfATask() {
        assertThat(matches("(comm=nginx)", web)).isTrue();
        assertThat(matches("(comm=ngi*)", web)).isTrue();
        assertThat(matches("(comm=apache)", web)).isFalse();
        assertThat(matches("(exe=/usr/sbin/nginx)", web)).isTrue();
        assertThat(matches("(pid=40)", web)).isTrue();
        assertThat(matches("(&(uid=33)(gid=34))", web)).isTrue();
        assertThat(matches("(uid>=1000)", web)).isFalse();
        assertThat(matches("(cgroup=/docker/*)", web)).isTrue();
        assertThat(matches("(container=" + CONTAINER + ")", web)).isTrue();
        assertThat(matches("(!(container=*))", web)).isFalse();
    }

    @Test
    public void shouldTakeIdsAsUnsigned() {
        FakeTask nobody = FakeTask.process(41, init, FakeDetails.of(new Credentials(-2, 0, 0, 0)));

        assertThat(matches("(uid=4294967294)", nobody)).isTrue();
    }

    @Test
    public void shouldAskForAncestorsByPidAndByName() {
        assertThat(matches("(ancestor=20)", web)).isTrue();
        assertThat(matches("(ancestor=40)", web)).isFalse();
        assertThat(matches("(ancestor.comm=cron)", web)).isTrue();
        assertThat(matches("(ancestor.comm=nginx)", web)).isFalse();
        assertThat(matches("(!(ancestor=20))", web)).isFalse();
    }

    @Test
    public void shouldAskForALabel() {
        FakeTask ci =
                FakeTask.process(
                        42,
                        init,
                        FakeDetails.of(new Credentials(0, 0, 0, 0)).labelled(Map.of("job", "ci")));

        assertThat(matches("(label.job=ci)", ci)).isTrue();
        assertThat(matches("(label.job=*)", ci)).isTrue();
        assertThat(matches("(label.job=cd)", ci)).isFalse();
        assertThat(matches("(label.team=*)", ci)).isFalse();
    }

    @Test
    public void shouldAskForTheLabelOfTheGate() {
        assertThat(matchesIn("build", "(gate=build)")).isTrue();
        assertThat(matchesIn("build", "(gate=b*)")).isTrue();
        assertThat(matchesIn("build", "(gate=test)")).isFalse();
        assertThat(matchesIn("", "(gate=*)")).isTrue();
        assertThat(matchesIn("", "(gate=b*)")).isFalse();
        assertThat(matches("(gate=*)", web)).isFalse();
    }

    private boolean matchesIn(String label, String filter) {
        Gated task = new Gated(web, new Gate(1, 40, 33, label, "make"));
        TaskNotification event =
                TaskNotification.of(
                        TaskEvent.INIT, 0, task, web.details(), 0, 1, "fake", Origin.OBSERVED);
        return Objects.requireNonNull(TaskFilter.parse(filter)).matches(event);
    }

    @Test
    public void shouldLookAtABoundedNumberOfAncestors() {
        Task oldest = FakeTask.process(2, null, "oldest");
        Task deep = oldest;
        for (int i = 0; i < Ancestry.MOST; i++) {
            deep = FakeTask.process(100 + i, deep, "sh");
        }

        assertThat(matches("(ancestor=2)", FakeTask.process(50, deep.parent(), "x"))).isTrue();
        assertThat(matches("(ancestor=2)", FakeTask.process(50, deep, "x"))).isFalse();
    }

    @Test
    public void shouldNotHaveWhatIsNotKnown() {
        FakeTask unknown = FakeTask.process(60, null);

        assertThat(matches("(comm=*)", unknown)).isFalse();
        assertThat(matches("(uid=0)", unknown)).isFalse();
        assertThat(matches("(!(uid=0))", unknown)).isTrue();
        assertThat(matches("(ancestor=*)", unknown)).isFalse();
    }

    @Test
    public void shouldRefuseWhatIsNoFilterAndSayWhatIs() {
        assertThat(TaskFilter.parse(" ")).isNull();
        assertThatThrownBy(() -> TaskFilter.parse("comm=nginx"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'comm=nginx' is no filter like (comm=nginx)");
        assertThatThrownBy(() -> TaskFilter.parse("(&(comm=a)(shoesize=46))"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "no task has a 'shoesize'; expected one of comm, exe, pid, uid, gid,"
                                + " cgroup, container, gate, ancestor, ancestor.comm");
        for (String operator : List.of("&", "|", "!")) {
            assertThatThrownBy(() -> TaskFilter.parse("(" + operator + "comm=a)"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no task has a '" + operator + "comm'");
        }
    }

    @Test
    public void shouldSayWhatMustBeReadForIt() {
        assertThat(TaskFilter.matcher("(&(comm=make)(label.job=*))").captures()).isEmpty();
        assertThat(TaskFilter.matcher("(|(exe=*)(container=*))").captures())
                .containsExactlyInAnyOrder(Capture.EXE, Capture.CGROUP);
        assertThatThrownBy(() -> TaskFilter.matcher(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a filter is missing");
    }

    @Test
    public void shouldRefuseAValueThatNoTaskCanHave() {
        for (String wrong : List.of("(uid=root)", "(pid>=1k)", "(!(ancestor=12*))")) {
            assertThatThrownBy(() -> TaskFilter.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is a number");
        }
        assertThat(TaskFilter.parse("(&(uid=*)(gid<=99)(comm=\\(uid=x\\)))")).isNotNull();
    }

    /// A task in the tree of a gate.
    private record Gated(FakeTask task, Gate gate) implements Task {
        @Override
        public int tid() {
            return task.tid();
        }

        @Override
        public int pid() {
            return task.pid();
        }

        @Override
        public @Nullable Task parent() {
            return task.parent();
        }

        @Override
        public Instant start() {
            return task.start();
        }

        @Override
        public TaskDetails details() {
            return task.details();
        }

        @Override
        public OptionalInt exitStatus() {
            return task.exitStatus();
        }

        @Override
        public boolean isFreed() {
            return task.isFreed();
        }
    }

    /// Those of a web server in a container.
    private record InContainer(TaskDetails known) implements TaskDetails {
        @Override
        public Detail<String> comm() {
            return Detail.of("nginx");
        }

        @Override
        public Detail<Credentials> credentials() {
            return known.credentials();
        }

        @Override
        public Detail<String> executable() {
            return Detail.of("/usr/sbin/nginx");
        }

        @Override
        public Detail<List<String>> commandLine() {
            return known.commandLine();
        }

        @Override
        public Detail<Cgroup> cgroup() {
            Cgroup.Container container = new Cgroup.Container(CONTAINER, Cgroup.Runtime.DOCKER);
            return Detail.of(new Cgroup("/docker/" + CONTAINER, Optional.of(container)));
        }
    }
}
