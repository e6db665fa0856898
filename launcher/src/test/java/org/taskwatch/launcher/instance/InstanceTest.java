// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.failure.Failure;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

public class InstanceTest {
    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Instance instance;
    private Path bundles;

    @Before
    public void create() throws Exception {
        Base base = new Base(temporary.newFolder("base").toPath());
        base.create();
        bundles = temporary.newFolder("home", "bundles").toPath();
        instance =
                new Instance(
                        base, new Distribution(bundles.resolveSibling(".").normalize()), _ -> {});
    }

    @Test(timeout = 20_000)
    public void shouldNotStartWhenItWasStoppedBefore() throws Exception {
        instance.stop();
        instance.run(out, false);

        assertThat(out.toString()).isEmpty();
    }

    @Test(timeout = 20_000)
    public void shouldFailWhenABundleOfTheDistributionCannotBeInstalled() throws Exception {
        Files.writeString(Files.createDirectory(bundles.resolve("1")).resolve("bad.jar"), "bad");

        assertThatThrownBy(() -> instance.run(out, false))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("bad.jar");
    }
}
