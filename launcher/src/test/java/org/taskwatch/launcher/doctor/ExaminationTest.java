// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.control.Style;

import java.io.IOException;

/// What findings say together, and how they are shown.
public class ExaminationTest {
    private final Examination examination = new Examination();

    private record Fake(String name, Role role, Finding finding) implements Topic {
        @Override
        public Finding examine() {
            return finding;
        }
    }

    private record Failing(Exception failure) implements Topic {
        @Override
        public String name() {
            return "failing";
        }

        @Override
        public Role role() {
            return Role.NEEDED;
        }

        @Override
        public Finding examine() throws IOException {
            if (failure instanceof IOException e) {
                throw e;
            }
            throw new IllegalStateException(failure);
        }
    }

    private void see(String name, Topic.Role role, Finding finding) {
        assertThat(examination.of(new Fake(name, role, finding))).isEqualTo(finding);
    }

    @Test
    public void shouldNameTheFirstSourceThatWorks() {
        see("ebpf", Topic.Role.SOURCE, Finding.no("x"));
        see("connector", Topic.Role.SOURCE, Finding.warn("x"));
        see("other", Topic.Role.SOURCE, Finding.ok("x"));
        see("fuse", Topic.Role.EXTRA, Finding.no("x"));

        assertThat(examination.canWatch()).isTrue();
        assertThat(examination.conclusion())
                .isEqualTo("An instance can watch here, by the source connector.");
    }

    @Test
    public void shouldFallBackToProcfs() {
        see("ebpf", Topic.Role.SOURCE, Finding.no("x"));

        assertThat(examination.conclusion())
                .isEqualTo("An instance can watch here, by the source procfs.");
    }

    @Test
    public void shouldNameAllThatIsNeededAndMissing() {
        see("kernel", Topic.Role.NEEDED, Finding.no("x"));
        see("procfs", Topic.Role.NEEDED, Finding.warn("x"));
        see("base", Topic.Role.NEEDED, Finding.no("x"));

        assertThat(examination.canWatch()).isFalse();
        assertThat(examination.conclusion())
                .isEqualTo("No instance can watch here: see kernel, base.");
    }

    @Test
    public void shouldTakeWhatCanNotBeToldForNo() {
        Finding finding = examination.of(new Failing(new IOException("broken\nfile")));

        assertThat(finding).isEqualTo(Finding.no("it can't be told: IOException: broken file"));
        assertThat(examination.of(new Failing(new Exception("x"))).isNo()).isTrue();
        assertThat(examination.canWatch()).isFalse();
    }

    @Test
    public void shouldColourTheLevelAlone() {
        assertThat(new Sheet(Style.PLAIN).line("base", Finding.no("it is a file")))
                .isEqualTo("no    base        it is a file\n");
        assertThat(new Sheet(new Style(true, 80)).line("base", Finding.no("it is a file")))
                .isEqualTo("\u001b[31mno  \u001b[0m  base        it is a file\n");
        assertThat(new Sheet(new Style(true, 80)).line("user", Finding.ok("x")))
                .startsWith("\u001b[32mok ");
        assertThat(new Sheet(new Style(true, 80)).line("user", Finding.warn("x")))
                .startsWith("\u001b[33mwarn");
    }
}
