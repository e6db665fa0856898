// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.nio.file.Files;
import java.nio.file.Path;

/// What a program was called with, and which it is. Most are made by `arguments.c`.
public class ArgumentsIT extends ExecFixture {
    private Path still() throws Exception {
        return compile("still");
    }

    /// {@return what was told of `still`, as a mode of `arguments` executes it}
    private Exec execBy(String mode, String... more) throws Exception {
        String program = compile("arguments") + "";
        return more.length == 0
                ? execOf(program, mode, still() + "")
                : execOf(program, mode, still() + "", more[0]);
    }

    private void assertIsStill(Exec exec) throws Exception {
        assertThat(exec.exe()).isEqualTo(still() + "");
        assertThat(exec.comm()).isEqualTo("still");
    }

    @Test
    public void shouldTellThatAProgramHasNoArgumentsAtAll() throws Exception {
        Exec exec = execBy("none");

        assertThat(exec.arguments()).isEqualTo("[\"\"]"); // Linux gives it an empty one since 5.18
        assertIsStill(exec);
    }

    @Test
    public void shouldCutAnArgumentOf128KiBAndSaySo() throws Exception {
        Exec exec = execBy("large", "1");

        assertThat(exec.arguments()).isEqualTo("[\"large\",\"" + "x".repeat(8186) + "\"]");
        assertThat(exec.isCut()).isTrue();
        assertIsStill(exec);
    }

    @Test
    public void shouldCutSixMillionBytesOfArgumentsAndSaySo() throws Exception {
        Exec exec = execBy("large", "47");

        assertThat(exec.arguments()).isEqualTo("[\"large\",\"" + "x".repeat(8186) + "\"]");
        assertThat(exec.isCut()).isTrue();
        assertIsStill(exec);
    }

    @Test
    public void shouldTellBytesThatAreNoTextAndEmptyArguments() throws Exception {
        Exec exec = execBy("odd");

        assertThat(exec.arguments())
                .isEqualTo("[\"odd\",\"\\\\xff\\\\xfe\\\\x80 a\\n\\tb\",\"\",\"ä\"]");
        assertIsStill(exec);
    }

    @Test
    public void shouldTellWhatAThreadExecutes() throws Exception {
        Exec exec = execBy("thread");

        assertThat(exec.arguments()).isEqualTo("[\"by\",\"a thread\"]");
        assertIsStill(exec);
    }

    @Test
    public void shouldTellAProgramThatIsInMemoryOnly() throws Exception {
        Exec exec = execBy("memory");

        assertThat(exec.arguments()).isEqualTo("[\"in memory\"]");
        assertThat(exec.exe()).isEqualTo("/memfd:a program (deleted)");
    }

    @Test
    public void shouldTellTheInterpreterOfAScript() throws Exception {
        Path script = folder.path().resolve("a-script");
        Files.writeString(script, "#!/bin/sh -e\necho\nread line\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Exec exec = execOf(script + "", "a word");

        assertThat(exec.arguments())
                .isEqualTo("[\"/bin/sh\",\"-e\",\"%s\",\"a word\"]".formatted(script));
        assertThat(exec.comm()).isEqualTo("a-script");
        assertThat(exec.exe()).isEqualTo(Path.of("/bin/sh").toRealPath().toString());
    }
}
