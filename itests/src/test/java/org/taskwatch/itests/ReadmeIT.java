// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// That the README shows what there is.
public class ReadmeIT {
    private static String readme() throws IOException {
        return Files.readString(Shipped.checkout().resolve("README.md"));
    }

    private static String find(String regex) throws IOException {
        Matcher found = Pattern.compile(regex, Pattern.DOTALL).matcher(readme());
        assertThat(found.find()).as("README.md has " + regex).isTrue();
        return found.group(1);
    }

    @Test
    public void shouldShowTheExampleThatIsBuilt() throws IOException {
        Path example = Shipped.checkout().resolve("examples/root-execs");
        for (String file : List.of("src/main/java/example/RootExecs.java", "pom.xml")) {
            assertThat(find("\n`" + file + "`:\n\n```\\w+\n(.*?)```\n"))
                    .as(file)
                    .isEqualTo(Files.readString(example.resolve(file)));
        }
    }

    @Test
    public void shouldShowThePartOfTheOtherExampleThatIsNew() throws IOException {
        String shown = find("examples/run-times`\\):\n\n```java\n(.*?)```\n");

        assertThat(
                        Files.readString(
                                Shipped.checkout()
                                        .resolve(
                                                "examples/run-times/src/main/java/example/RunTimes.java")))
                .contains(shown);
    }

    @Test
    public void shouldNameEveryBundleThatIsShippedOrItsKindInItsMap() throws Exception {
        String map = find("\n## The modules\n(.*?)\n## ");

        for (String bundle : Shipped.ours()) {
            String name = bundle.substring(bundle.lastIndexOf('.') + 1);
            String kind = name.replaceFirst("-.*", "-");
            assertThat(map).as(bundle).containsPattern("[/ ](" + name + "\\b|" + kind + "\\*)");
        }
        Matcher folders = Pattern.compile("bundles/[a-z/-]+[a-z](?![a-z/-]*\\*)").matcher(map);
        assertThat(folders.results().map(f -> Shipped.checkout().resolve(f.group())))
                .isNotEmpty()
                .allMatch(Files::isDirectory);
    }
}
