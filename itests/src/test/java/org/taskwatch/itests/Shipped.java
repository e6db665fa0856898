// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

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
/// @param level its start level
/// @param name its artifact; of a bundle of ours it is the symbolic name too
record Shipped(int level, String name) {
    private static final Pattern HEADING = Pattern.compile(" Start level (\\d+): .*");

    static Path checkout() {
        return Path.of(System.getProperty("taskwatch.checkout"));
    }

    /// {@return the bundles in the order of the list: those below a heading with a start level}
    static List<Shipped> bundles() throws Exception {
        Path list = checkout().resolve("distribution/pom.xml");
        Node dependencies =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(list.toFile())
                        .getElementsByTagName("dependencies")
                        .item(0);
        List<Shipped> bundles = new ArrayList<>();
        int level = -1;
        for (Node n = dependencies.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Comment comment) {
                Matcher heading = HEADING.matcher(comment.getData());
                level = heading.matches() ? Integer.parseInt(heading.group(1)) : -1;
            } else if (n instanceof Element dependency && level >= 0) {
                Node name = dependency.getElementsByTagName("artifactId").item(0);
                bundles.add(new Shipped(level, name.getTextContent()));
            }
        }
        return bundles;
    }

    /// {@return the names of the bundles that are our own}
    static List<String> ours() throws Exception {
        return bundles().stream()
                .map(Shipped::name)
                .filter(name -> name.startsWith("org.taskwatch."))
                .toList();
    }
}
