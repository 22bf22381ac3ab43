/**
 * Everything in one JVM: the one-command start of a newcomer and of the whole-system tests. A broker and a database of its
 * own, unless the environment names others, and the three programs just as they run on their own.
 */
@NullMarked
package io.celeriac.local;

import org.jspecify.annotations.NullMarked;
