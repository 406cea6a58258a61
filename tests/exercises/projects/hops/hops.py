"""How far apart people are in the network of who knows whom."""


def hops(friendships, start):
    """The number of steps to everybody who can be reached, nearest first."""
    distance = {start: 0}
    frontier = [start]
    while frontier:
        person = frontier.pop(0)
        for one, other in friendships:
            if one == person and other not in distance:
                distance[other] = distance[person] + 1
                frontier.append(other)
            elif other == person and one not in distance:
                distance[one] = distance[person] + 1
                frontier.append(one)
    return distance
