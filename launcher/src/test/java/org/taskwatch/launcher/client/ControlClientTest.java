// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.Assume.assumeFalse;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.failure.Failure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

public class ControlClientTest {
    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Base base;

    @Before
    public void create() {
        base = new Base(temporary.getRoot().toPath());
        base.create();
    }

    private int execute(FakeInstance.Script script, OutputStream output) throws IOException {
        try (FakeInstance instance = new FakeInstance(base, script);
                ControlClient client = ControlClient.connect(base)) {
            int status = client.execute("task:ps 'é'", output, err);
            assertThat(instance.requests()).containsExactly("E task:ps 'é'");
            return status;
        }
    }

    @Test
    public void shouldPassOnOutputErrorsAndStatus() throws Exception {
        int status =
                execute(
                        client -> {
                            FakeInstance.send(client, 'O', "one\n");
                            FakeInstance.send(client, 'R', "wrong\n");
                            FakeInstance.send(client, 'O', "");
                            FakeInstance.send(client, 'O', "zwölf\n");
                            FakeInstance.exit(client, 7);
                        },
                        out);
        assertThat(status).isEqualTo(7);
        assertThat(out.toString()).isEqualTo("one\nzwölf\n");
        assertThat(err.toString()).isEqualTo("wrong\n");
    }

    @Test
    public void shouldFailWhenTheInstanceGoesAwayInTheMiddle() {
        assertThatThrownBy(() -> execute(client -> FakeInstance.send(client, 'O', "half"), out))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the instance has ended");
        assertThat(out.toString()).isEqualTo("half");
    }

    @Test
    public void shouldRefuseWhatIsNoFrame() {
        assertThatThrownBy(() -> execute(client -> FakeInstance.send(client, 'Z', ""), out))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("type 90");
    }

    @Test
    public void shouldEndQuietlyWhenThePipeOfTheOutputIsClosed() throws Exception {
        OutputStream pipe = failing("Broken pipe");
        assertThat(execute(client -> FakeInstance.send(client, 'O', "x"), pipe)).isZero();
    }

    @Test
    public void shouldFailWhenTheOutputCannotBeWritten() {
        OutputStream full = failing("No space left on device");
        assertThatThrownBy(() -> execute(client -> FakeInstance.send(client, 'O', "x"), full))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("No space left on device");
    }

    @Test
    public void shouldSayThatNoInstanceRunsWhenItGoesBeforeItHasAnswered() {
        assertThatThrownBy(() -> execute(client -> {}, out))
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.status()).isEqualTo(Failure.NO_INSTANCE))
                .hasMessageContaining("no instance runs");
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    public void shouldSayThatTheInstanceIsAnotherUsersWhereItMayNotBeReached() throws Exception {
        assumeFalse("root may reach all", "root".equals(System.getProperty("user.name")));
        for (Path closed : List.of(base.run(), base.directory())) {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
            assertThatThrownBy(() -> ControlClient.connect(base))
                    .isInstanceOf(Failure.class)
                    .hasMessageStartingWith(
                            "permission denied: the instance in %s is another user's; "
                                    .formatted(base.directory()));
        }
        Files.setPosixFilePermissions(
                base.directory(), PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    public void shouldTellAStaleSocketFromAnInstance() throws Exception {
        new FakeInstance(base, client -> {}).close(); // leaves its socket behind
        assertThat(base.control()).exists();
        assertThatThrownBy(() -> ControlClient.connect(base))
                .isInstanceOfSatisfying(
                        Failure.class, e -> assertThat(e.status()).isEqualTo(Failure.NO_INSTANCE));
    }
}
