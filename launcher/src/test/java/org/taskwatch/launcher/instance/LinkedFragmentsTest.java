// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.taskwatch.launcher.base.Base;
import org.taskwatch.launcher.deploy.BundleJar;
import org.taskwatch.launcher.failure.Failure;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is in the folder `link`, with a bundle in the place of the core.
public class LinkedFragmentsTest {
    private static final String LINKED = "taskwatch.test.linked";

    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private Base base;
    private Path home;

    @Before
    public void create() throws Exception {
        base = new Base(temporary.newFolder("base").toPath());
        base.create();
        home = temporary.newFolder("home").toPath();
        Path level = Files.createDirectories(home.resolve("bundles/3"));
        Map<String, String> core =
                Map.of(
                        "Bundle-SymbolicName",
                        LinkedFragments.HOST,
                        "Bundle-Activator",
                        Core.class.getName(),
                        "Import-Package",
                        "org.osgi.framework");
        Files.write(level.resolve(LinkedFragments.HOST + "-1.jar"), BundleJar.of(core, Core.class));
    }

    @After
    public void forget() {
        System.clearProperty(LINKED);
    }

    /// Takes the place of the core, and links one class that its fragment has; fails as the core does.
    public static final class Core implements BundleActivator {
        @Override
        public void start(BundleContext context) throws BundleException {
            String name = System.getProperty(LINKED, "");
            try {
                System.setProperty(LINKED, context.getBundle().loadClass(name) + "");
            } catch (ClassNotFoundException e) {
                throw new BundleException(
                        System.getProperty(LINKED + ".location") + ": its watcher is missing",
                        BundleException.ACTIVATOR_ERROR,
                        e);
            }
            throw new IllegalStateException("far enough");
        }

        @Override
        public void stop(BundleContext context) {}
    }

    private Path link(String file, Map<String, String> headers, Class<?>... contents)
            throws Exception {
        Map<String, String> all = new HashMap<>(headers);
        all.putIfAbsent("Bundle-SymbolicName", file);
        all.putIfAbsent("Fragment-Host", LinkedFragments.HOST + ";bundle-version=0");
        return Files.write(base.link().resolve(file), BundleJar.of(all, contents));
    }

    private void run() throws Exception {
        new Instance(base, new Distribution(home), _ -> {}).run(new ByteArrayOutputStream(), false);
    }

    private void assertRefused(Path jar, String... reasons) {
        assertThatThrownBy(this::run)
                .isInstanceOf(Failure.class)
                .hasMessageStartingWith("cannot link " + jar + ": ")
                .hasMessageContainingAll(reasons)
                .hasMessageEndingWith("or take it out of " + base.link() + ", and start again");
    }

    @Test
    public void shouldAttachAFragmentBeforeTheCoreStarts() throws Exception {
        link("a.jar", Map.of(), LinkedFragmentsTest.class);
        System.setProperty(LINKED, LinkedFragmentsTest.class.getName());

        assertThatThrownBy(this::run).hasMessageContaining("far enough");

        assertThat(System.getProperty(LINKED)).isEqualTo(LinkedFragmentsTest.class + "");
    }

    @Test
    public void shouldHaveNothingOfAJarThatWasTakenOutSince() throws Exception {
        Path jar = link("a.jar", Map.of(), LinkedFragmentsTest.class);
        System.setProperty(LINKED, LinkedFragmentsTest.class.getName());
        assertThatThrownBy(this::run).hasMessageContaining("far enough");
        Files.delete(jar);
        System.setProperty(LINKED, LinkedFragmentsTest.class.getName());

        assertThatThrownBy(this::run)
                .hasMessageContaining("cannot start " + LinkedFragments.HOST)
                .hasMessageContaining("ClassNotFoundException");
    }

    @Test
    public void shouldNameTheFileWhoseWatcherTheCoreCannotLink() throws Exception {
        link("a.jar", Map.of());
        Path jar = link("b.jar", Map.of());
        System.setProperty(LINKED + ".location", ClassPathBundles.location(jar));

        assertRefused(jar, ": its watcher is missing. ");
    }

    @Test
    public void shouldRefuseWhatIsNoFragmentOfTheCore() throws Exception {
        Path jar = Files.write(base.link().resolve("a.jar"), BundleJar.of(Map.of()));
        assertRefused(jar, "no fragment of " + LinkedFragments.HOST, "none", "folder deploy");

        jar = link("a.jar", Map.of("Fragment-Host", LinkedFragments.HOST + ".not"));
        assertRefused(
                jar,
                "no fragment of " + LinkedFragments.HOST,
                "(Fragment-Host: org.taskwatch.core.not)");
    }

    @Test
    public void shouldRefuseWhatIsNoJarThatCanBeRead() throws Exception {
        Path jar = base.link().resolve("a.jar");
        Files.writeString(jar, "text");
        assertRefused(jar, "it is no jar");

        Files.delete(jar);
        Files.createDirectory(jar);
        assertRefused(jar, "it is a directory");

        Files.delete(jar);
        Files.createSymbolicLink(jar, Path.of("nothing"));
        assertRefused(jar, "it is a link to nothing");
    }

    @Test
    public void shouldRefuseAFragmentThatNeedsWhatNobodyHas() throws Exception {
        Path jar = link("a.jar", Map.of("Import-Package", "no.such.place"));

        assertRefused(jar, "nothing here provides what it needs", "no.such.place");
    }

    @Test
    public void shouldRefuseAFragmentOfAnotherVersionOfTheCore() throws Exception {
        Path jar =
                link("a.jar", Map.of("Fragment-Host", LinkedFragments.HOST + ";bundle-version=7"));

        assertRefused(jar, "nothing here provides what it needs", "7.0.0");
    }

    @Test
    public void shouldRefuseTheSameFragmentTwice() throws Exception {
        link("a.jar", Map.of("Bundle-SymbolicName", "same"));
        Path second = link("b.jar", Map.of("Bundle-SymbolicName", "same"));

        assertThatThrownBy(this::run)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("cannot install " + second)
                .hasMessageContaining("not unique");
    }

    @Test
    public void shouldIgnoreWhatIsHiddenOrNotNamedJar() throws Exception {
        for (String name : List.of(".a.jar", "b.txt")) {
            Files.writeString(base.link().resolve(name), "text");
        }

        assertThat(LinkedFragments.in(base.link()).jars()).isEmpty();
    }
}
