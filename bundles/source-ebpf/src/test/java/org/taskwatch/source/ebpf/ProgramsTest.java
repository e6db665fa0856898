// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.linux.bpf.BpfException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What each program assembles to, on a kernel whose structs are those of `src/test/resources/programs/kernel`. The
/// texts beside that are what was read and found right, and what a kernel has taken. After a change of a program, look at
/// what is written into `target/programs`, and put it there.
public class ProgramsTest {
    private static final Path FOLDER = Path.of("src/test/resources/programs");
    private static final Path WRITTEN = Path.of("target/programs");

    private interface Program {
        TaskProgram of(Site site);
    }

    private static Site site(String... withouts) throws Exception {
        List<String> lines = new ArrayList<>(Files.readAllLines(FOLDER.resolve("kernel")));
        for (String without : withouts) {
            assertThat(lines.removeIf(line -> line.startsWith(without))).isTrue();
        }
        return new Site(FixedBtf.of(lines), 11, 12, 13, 14, 15, 2);
    }

    private static void shouldBe(String name, Program program, Site site) throws Exception {
        Path expected = FOLDER.resolve(name);
        Path written = Files.createDirectories(WRITTEN).resolve(name);
        Files.write(written, Disassembly.of(program.of(site).assemble()));
        assertThat(Files.readAllLines(written))
                .as(
                        "%s, which is what the program assembles to; compare with %s",
                        written, expected)
                .isEqualTo(Files.exists(expected) ? Files.readAllLines(expected) : List.of());
    }

    @Test
    public void shouldTellBirths() throws Exception {
        shouldBe("clone", CloneProgram::new, site());
    }

    @Test
    public void shouldTellExecs() throws Exception {
        shouldBe("exec", ExecProgram::new, site());
    }

    @Test
    public void shouldTellExits() throws Exception {
        shouldBe("exit", ExitProgram::new, site());
    }

    @Test
    public void shouldCountThreadsAndLeaveOutIoWhereTheKernelDoesNotTellThem() throws Exception {
        List<String> lines = new ArrayList<>(Files.readAllLines(FOLDER.resolve("kernel")));
        lines.removeIf(line -> line.contains(".ioac.") || line.contains(" sched_process_exit "));
        lines.add("tracepoint sched_process_exit 1");
        shouldBe(
                "exit-older",
                ExitProgram::new,
                new Site(FixedBtf.of(lines), 11, 12, 13, 14, 15, 2));
    }

    @Test
    public void shouldTellEndsNamesAndControlGroups() throws Exception {
        shouldBe("free", FreeProgram::new, site());
        shouldBe("rename", RenameProgram::new, site());
        shouldBe("cgroup", CgroupProgram::new, site());
    }

    @Test
    public void shouldTellChangesOfIdsAndFailedForks() throws Exception {
        shouldBe("ids", IdsProgram::new, site());
        shouldBe("failed-fork", FailedForkProgram::new, site());
    }

    @Test
    public void shouldNameWhatTheKernelLacks() throws Exception {
        Site withoutStart = site("task_struct.start_boottime");
        assertThatThrownBy(new FreeProgram(withoutStart)::assemble)
                .isInstanceOf(BpfException.class)
                .hasMessage("this kernel has no field task_struct.start_boottime");
        Site withoutFunction = site("function commit_creds");
        assertThatThrownBy(() -> new IdsProgram(site()).hook().id(withoutFunction.btf()))
                .hasMessage("this kernel has no function commit_creds");
    }
}
