// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import org.jspecify.annotations.Nullable;
import org.taskwatch.api.tool.WebServer.Right;

import java.io.IOException;
import java.nio.file.Path;

/// The tokens of the server, one for each right. Immutable.
///
/// @param see of those who may see
/// @param control of those who may also change
record Tokens(Token see, Token control) {
    /// {@return the tokens of the files of a folder, which are written if they are not there}
    ///
    /// @throws IOException if one can't be read or written, or holds something else
    static Tokens of(Path folder) throws IOException {
        return new Tokens(
                Token.of(folder.resolve("http-token")),
                Token.of(folder.resolve("http-control-token")));
    }

    /// {@return the token that gives a right}
    Token of(Right right) {
        return right == Right.CONTROL ? control : see;
    }

    /// {@return the right of who has said this, null if it is no token}
    @Nullable Right right(String said) {
        if (control.is(said)) {
            return Right.CONTROL;
        }
        return see.is(said) ? Right.SEE : null;
    }
}
