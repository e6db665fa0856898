// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import org.jspecify.annotations.Nullable;
import org.w3c.dom.Comment;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.parsers.DocumentBuilderFactory;

/// A bundle in the list of what is shipped, which is `distribution/pom.xml`.
///
/// @param folder where it lies in the distribution: `bundles/<start level>`, or `optional`
/// @param name its artifact; of a bundle of ours it is the symbolic name too
record Shipped(String folder, String name) {
    private static final Pattern HEADING = Pattern.compile(" (?:Start level (\\d+)|optional): .*");

    static Path checkout() {
        return Path.of(System.getProperty("taskwatch.checkout"));
    }

    /// {@return the bundles in the order of the list: those below a heading with a start level, and
    /// the optional ones}
    static List<Shipped> bundles() throws Exception {
        Path list = checkout().resolve("distribution/pom.xml");
        Node dependencies =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(list.toFile())
                        .getElementsByTagName("dependencies")
                        .item(0);
        List<Shipped> bundles = new ArrayList<>();
        String folder = null;
        for (Node n = dependencies.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Comment comment) {
                Matcher heading = HEADING.matcher(comment.getData());
                folder = heading.matches() ? folder(heading.group(1)) : null;
            } else if (n instanceof Element dependency && folder != null) {
                Node name = dependency.getElementsByTagName("artifactId").item(0);
                bundles.add(new Shipped(folder, name.getTextContent()));
            }
        }
        return bundles;
    }

    private static String folder(@Nullable String level) {
        return level == null ? "optional" : "bundles/" + level;
    }

    /// {@return the names of the bundles that are our own}
    static List<String> ours() throws Exception {
        return bundles().stream()
                .map(Shipped::name)
                .filter(name -> name.startsWith("org.taskwatch."))
                .toList();
    }
}
