// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.felix.fileinstall.ArtifactInstaller;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.service.cm.ConfigurationAdmin;
import org.taskwatch.shell.RunningShell;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

public class ConfigCommandTest {
    @ClassRule public static final RunningShell SHELL = new RunningShell();
    @Rule public final Timeout timeout = new Timeout(60, TimeUnit.SECONDS);

    private static final String METATYPE =
            """
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.4.0">
              <OCD id="a" name="Example" description="what an example does">
                <AD id="level" type="Integer" min="1" max="9" default="5" description="how much"/>
                <AD id="mode" type="String"><Option label="f" value="fast"/><Option label="s" value="slow"/></AD>
                <AD id="password" type="Password"/>
                <AD id="names" type="String" cardinality="100" default="a,b"/>
                <AD id="on" type="Boolean" default="false"/>
              </OCD>
              <Designate pid="org.example"><Object ocdref="a"/></Designate>
              <Designate factoryPid="org.example.several"><Object ocdref="a"/></Designate>
            </metatype:MetaData>
            """;

    @BeforeClass
    public static void describe() throws Exception {
        SHELL.install(ConfigurationAdmin.class).start();
        SHELL.install(ArtifactInstaller.class).start();
        install("good", METATYPE);
        install("bad", "<metatype");
        install("nameless", METATYPE.replace("pid=\"org.example\"", ""));
    }

    private static void install(String name, String metatype) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.putNextEntry(new ZipEntry("OSGI-INF/metatype/any.xml"));
            jar.write(metatype.getBytes(StandardCharsets.UTF_8));
        }
        Bundle bundle =
                SHELL.context().installBundle(name, new ByteArrayInputStream(bytes.toByteArray()));
        assertThat(bundle.getState()).isEqualTo(Bundle.INSTALLED);
    }

    private static String err(String line) throws IOException {
        var answer = SHELL.execute(line);
        assertThat(answer.status()).as(line).isEqualTo(2);
        assertThat(answer.out()).isEmpty();
        return answer.err();
    }

    @Test
    public void shouldListWhatIsDescribedAndWhatIsNot() throws IOException {
        Files.writeString(SHELL.etc().resolve("org.example.several-one.cfg"), "level = 3\n");
        Files.writeString(SHELL.etc().resolve("org.nobody.cfg"), "a = b\n");

        var list = SHELL.execute("task:config");

        assertThat(list.out())
                .isEqualTo(SHELL.execute("task:config list").out())
                .containsPattern("org.example +0  Example: what an example does\n")
                .containsPattern("org.example.several-one +1  Example")
                .containsPattern("org.nobody +-  no bundle describes it\n")
                .containsPattern("org.taskwatch.shell.events +0  Streams of events");
        assertThat(list.err())
                .contains("/OSGI-INF/metatype/any.xml of bad can't be read: ", "Unexpected EOF")
                .contains("/OSGI-INF/metatype/any.xml of nameless can't be read: no pid");
    }

    @Test
    public void shouldTellEachKeyWithItsValueAndDefault() throws IOException {
        Files.writeString(
                SHELL.etc().resolve("org.example.several-get.cfg"),
                "level = 7\npassword = secret\nlevle = 1\n");

        assertThat(SHELL.out("task:config get org.example.several-get"))
                .containsPattern("level +7 +5 +a number from 1 to 9 +how much\n")
                .containsPattern("mode +- +- +fast or slow\n")
                .containsPattern("names +a,b +a,b +text, with commas\n")
                .containsPattern("on +false +false +true or false\n")
                .containsPattern("password +\\*+ +- +text\n")
                .containsPattern("levle +1 +- +\\? +no bundle describes it\n");
        assertThat(SHELL.out("task:config get org.example.several-get level on"))
                .isEqualTo("7\nfalse\n");
    }

    @Test
    public void shouldSetWhatMakesSenseAndWaitUntilItIsRead() throws IOException {
        var file = SHELL.etc().resolve("org.example.cfg");

        assertThat(SHELL.out("task:config set org.example level=9 mode=slow 'names=x, y'"))
                .isEmpty();
        assertThat(file).hasContent("level = 9\nmode = slow\nnames = x, y\n");

        assertThat(SHELL.out("task:config set org.example level=9")).isEmpty(); // as it is
        assertThat(SHELL.out("task:config unset org.example level names")).isEmpty();
        assertThat(file).hasContent("mode = slow\n");
        assertThat(SHELL.out("task:config get org.example level")).isEqualTo("5\n");

        assertThat(SHELL.out("task:config unset org.example")).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    public void shouldRefuseWhatMakesNoSenseAndChangeNothing() throws IOException {
        String set = "task:config set org.example.several-wrong ";
        assertThat(err(set + "level=10 on=true"))
                .contains(
                        "level of org.example.several-wrong must be a number from 1 to 9, is"
                                + " \"10\"");
        assertThat(err(set + "level=x")).contains("a number from 1 to 9");
        assertThat(err(set + "mode=medium")).contains("must be fast or slow");
        assertThat(err(set + "on=maybe")).contains("must be true or false");
        assertThat(err(set + "on=true on=false")).contains("on is given twice");
        assertThat(err(set + "levle=1"))
                .contains(
                        "org.example.several-wrong has no key \"levle\"; it has level, mode, names,"
                                + " on, password");
        assertThat(err(set + "level")).contains("expected KEY=VALUE, is \"level\"");
        assertThat(err(set)).contains("expected KEY=VALUE");
        assertThat(err("task:config set org.nobody2 a=b"))
                .contains("no bundle describes a configuration \"org.nobody2\"")
                .contains("edited by hand, in " + SHELL.etc());
        assertThat(err("task:config set org.example.several-../x level=1"))
                .contains("no bundle describes");
        assertThat(err("task:config unset org.example.several-wrong levle"))
                .contains("no key \"levle\"");
        assertThat(err("task:config change")).contains("expected list, get, set or unset");
        assertThat(err("task:config get")).contains("missing argument PID");

        assertThat(SHELL.etc().resolve("org.example.several-wrong.cfg")).doesNotExist();
    }
}
