// The example photographs: cut stones and gold, one picture for each value of Stone. See render.sh.
// A unit is half the width of a stone.
#version 3.7;

#ifndef (Stone) #declare Stone = 1; #end

// Nothing here is lit by a lamp: paper and softboxes shine by themselves, so that a ray costs only its reflections.
global_settings {
    assumed_gamma 1.0
    #if (Stone = 6) // light leaves a diamond slowly
        max_trace_level 12 adc_bailout 0.06
    #else
        max_trace_level 18 adc_bailout 0.02
    #end
}

// ---- Facets. A stone is what lies inside all of its planes; y is up and the girdle is at y = 0.

#declare Girdle = 0.025;

/// One facet, facing `Azimuth` degrees, tilted `Slope` degrees from the horizontal, through the height Y at the
/// distance R from the axis. Up is 1 for the crown, -1 for the pavilion.
#macro Facet(Azimuth, Slope, R, Y, Up)
    #local A = radians(Azimuth);
    #local S = radians(Slope);
    plane { <sin(S)*cos(A), Up*cos(S), sin(S)*sin(A)>, sin(S)*R + Up*cos(S)*Y }
#end

/// N facets around the axis. Outline(azimuth) is how far the girdle reaches that way; In is taken off it.
#macro Ring(N, Phase, Slope, In, Y, Up)
    #local I = 0;
    #while (I < N)
        #local Az = Phase + 360*I/N;
        Facet(Az, Slope, Outline(Az)*(1 - In), Y, Up)
        #local I = I + 1;
    #end
#end

#declare Long = 1; #declare Wide = 1; #declare Corner = 1;

/// Half the extent of a rounded rectangle, seen from the azimuth.
#macro Outline(Az)
    ((Long - Corner)*abs(cos(radians(Az))) + (Wide - Corner)*abs(sin(radians(Az))) + Corner)
#end

/// 57 facets: 8 mains, 16 halves and 8 stars above, 16 halves and 8 mains below.
#macro Brilliant(CrownSlope, TableRatio, PavilionSlope)
    #local Top = Girdle + (1 - TableRatio)*tan(radians(CrownSlope));
    intersection {
        plane { y, Top }
        Ring(8, 0, CrownSlope, 0, Girdle, 1)
        Ring(16, 11.25, CrownSlope + 6.5, 0, Girdle, 1)
        Ring(8, 22.5, CrownSlope - 13.5, 1 - TableRatio*0.924, Top, 1)
        Ring(16, 11.25, PavilionSlope + 1.6, 0, -Girdle, -1)
        Ring(8, 0, PavilionSlope, 0, -Girdle, -1)
        Ring(64, 2.8125, 90, 0, 0, 1)
        bounded_by { box { <-1.01*Long, -1.3, -1.01*Wide>, <1.01*Long, 0.8, 1.01*Wide> } }
    }
#end

/// One side of a step cut, R from the axis: three steps above the girdle and three below.
#macro Steps(Az, R)
    Facet(Az, 90, R, 0, 1)
    #local Y = Girdle; #local In = 0;
    #local K = 0;
    #while (K < 3)
        Facet(Az, CrownSlopes[K], R - In, Y, 1)
        #local Y = Y + CrownInsets[K]*tan(radians(CrownSlopes[K]));
        #local In = In + CrownInsets[K];
        #local K = K + 1;
    #end
    #local Y = -Girdle; #local In = 0;
    #local K = 0;
    #while (K < 4)
        Facet(Az, PavilionSlopes[K], R - In, Y, -1)
        #local Y = Y - PavilionInsets[K]*tan(radians(PavilionSlopes[K]));
        #local In = In + PavilionInsets[K];
        #local K = K + 1;
    #end
#end

#declare CrownSlopes = array[3] { 47, 39, 30 };
#declare CrownInsets = array[3] { 0.12, 0.12, 0.12 };
#declare PavilionSlopes = array[4] { 61, 53, 46, 41 };
#declare PavilionInsets = array[4] { 0.13, 0.15, 0.19, 0.2 };

/// An octagon, L by W, whose corners are cut at the distance C.
#macro Octagon(L, W, C)
    #local Top = Girdle;
    #local K = 0;
    #while (K < 3)
        #local Top = Top + CrownInsets[K]*tan(radians(CrownSlopes[K]));
        #local K = K + 1;
    #end
    intersection {
        plane { y, Top }
        Steps(0, L) Steps(180, L) Steps(90, W) Steps(270, W)
        Steps(45, C) Steps(135, C) Steps(225, C) Steps(315, C)
        bounded_by { box { <-L-0.01, -1.6, -W-0.01>, <L+0.01, 0.8, W+0.01> } }
    }
#end

// ---- Materials.

/// Ior and fire as measured for the species; Tint is what is left of white light after a long way, Depth how long.
#macro Crystal(Ior, Fire, Colour, Depth)
    #local Tint = color rgb Colour;
    material {
        texture {
            pigment { rgbf <0.4 + 0.6*Tint.red, 0.4 + 0.6*Tint.green, 0.4 + 0.6*Tint.blue, 1> }
            finish { ambient 0 diffuse 0 reflection { 0, 1 fresnel on } conserve_energy }
        }
        interior {
            ior Ior
            dispersion Fire
            dispersion_samples 9
            fade_power 1001 fade_distance Depth fade_color Tint
        }
    }
#end

#declare Gold22 = texture {
    pigment { rgb <1.00, 0.80, 0.40> }
    finish {
        ambient 0 diffuse 0 emission 0.06
        reflection { rgb <1.00, 0.80, 0.41>*0.95 metallic }
    }
}

// ---- The table, its lamps and what a stone sees when it looks up.

/// White paper, and on it the shadow of what covers Cover(x, z) of the lamps there, from 0 to 1.
#macro Paper(Shadow)
    plane {
        y, 0
        pigment {
            function { min(1, max(0, Cover(x, z))) }
            color_map { [0 rgb <1, 0.995, 0.985>*0.92] [1 rgb Shadow] }
        }
        finish { ambient 0 diffuse 0 emission 1 }
    }
#end

/// The soft shadow of a stone L by W, and the light it gathers to its right: the paper takes the stone's colour there.
#macro StonePaper(L, W, Turn, Tint)
    #declare C = cos(radians(Turn)); #declare S = sin(radians(Turn));
    #declare Blot = function(x, z, a, b) { exp(-pow((x*C - z*S)/a, 2) - pow((x*S + z*C)/b, 2)) }
    #declare Cover = function(x, z) {
        0.62*Blot(x, z, 0.62*L, 0.62*W) + 0.34*Blot(x - 0.3, z + 0.25, 1.25*L, 1.2*W)
    }
    #declare Glow = function(x, z) { 0.42*Blot(x - 0.85*L, z + 0.55*W, 0.42*L, 0.3*W) }
    plane {
        y, 0
        pigment {
            function { min(1, max(0, Glow(x, z))) }
            pigment_map {
                [0 function { min(1, max(0, Cover(x, z))) }
                   color_map { [0 rgb <1, 0.995, 0.985>*0.92] [1 rgb 0.16 + Tint*0.22] }]
                [1 rgb (Tint + 0.45)/1.15]
            }
        }
        finish { ambient 0 diffuse 0 emission 1 }
    }
#end

sky_sphere {
    pigment {
        gradient y
        color_map {
            [0.00 rgb 0.95]
            [0.30 rgb 0.70]
            [0.55 rgb 0.95]
            [0.72 rgb 0.60]
            [0.88 rgb 0.26]
            [1.00 rgb 0.18]
        }
    }
}

/// A softbox that is seen in the facets but lights nothing by itself.
#macro Softbox(Where, W, H, Power)
    box {
        <-W, -H, -0.05>, <W, H, 0.05>
        pigment { rgb 1 }
        finish { ambient 0 diffuse 0 emission Power }
        #local Away = vnormalize(Where);
        #local Right = vnormalize(vcross(y, Away));
        #local Over = vcross(Away, Right);
        matrix <Right.x, Right.y, Right.z, Over.x, Over.y, Over.z, Away.x, Away.y, Away.z, Where.x, Where.y, Where.z>
    }
#end

/// Black card: without something dark to reflect, facets and gold are flat.
#macro Flag(Where, W, H)
    Softbox(Where, W, H, 0.015)
#end

#macro Studio()
    Softbox(<-9, 8, 5>, 3.2, 2.4, 2.6)
    Softbox(<8, 10, 4>, 2.2, 2.2, 2.0)
    Softbox(<1, 6, 13>, 4.5, 1.2, 1.8)
    Flag(<11, 4, -3>, 1.5, 4)
    Flag(<-11, 4, -4>, 1.8, 3)
    Flag(<-2, 13, 8>, 1.2, 2.4)
#end

#macro Look(From, At, Angle)
    camera { location From look_at At angle Angle right x*4/3 up y }
#end

/// A stone that rests on its culet Depth below the girdle, tipped to show its table, and the paper under it.
#macro Loose(Gem, Depth, Tip, Turn, L, W, Tint)
    object { Gem rotate y*Turn rotate -x*Tip translate y*Depth }
    StonePaper(L, W, Turn, Tint)
    Studio()
    Look(<0, 6.6, -3.4>, <0, 0.6, 0.02>, 20 + 9*L)
#end

// ---- The pictures.

#switch (Stone)
#case (1) // emerald, octagon
    #declare Gem = object { Octagon(1.18, 0.9, 1.22) Crystal(1.58, 1, <0.0, 0.52, 0.22>, 0.5) }
    Loose(Gem, 0.98, 14, 18, 1.18, 0.9, <0.1, 0.75, 0.4>)
    #break
#case (2) // peridot, oval
    #declare Gem = object { Brilliant(36, 0.56, 42.2) Crystal(1.67, 1, <0.5, 0.72, 0.02>, 0.6) scale <1.28, 1, 1> }
    Loose(Gem, 0.9, 14, -16, 1.28, 1, <0.7, 0.85, 0.2>)
    #break
#case (3) // ruby, cushion
    #declare Long = 1.06; #declare Wide = 0.98; #declare Corner = 0.56;
    #declare Gem = object { Brilliant(38, 0.52, 40.5) Crystal(1.765, 1, <0.86, 0.0, 0.08>, 0.3) }
    Loose(Gem, 0.9, 9, 24, 1.06, 0.98, <0.95, 0.15, 0.25>)
    #break
#case (4) // aquamarine, octagon
    #declare Gem = object { Octagon(1.42, 0.88, 1.4) Crystal(1.575, 1, <0.58, 0.9, 0.93>, 1.3) }
    Loose(Gem, 0.96, 14, -20, 1.42, 0.88, <0.6, 0.9, 1>)
    #break
#case (5) // blue topaz, oval
    #declare Gem = object { Brilliant(37, 0.54, 43) Crystal(1.62, 1, <0.28, 0.66, 0.93>, 0.9) scale <1.34, 1, 1> }
    Loose(Gem, 0.92, 14, 20, 1.34, 1, <0.3, 0.6, 1>)
    #break
#case (6) // diamond, round brilliant
    #declare Gem = object { Brilliant(34.5, 0.56, 40.75) Crystal(2.417, 1.03, <0.97, 0.97, 0.95>, 6) }
    Loose(Gem, 0.87, 12, 9, 1, 1, <0.9, 0.9, 0.92>)
    #break
#case (7) // bangle, 22 karat gold
    #declare Bangle = union {
        torus { 1.3, 0.15 scale <1, 1.5, 1> }
        torus { 1.3, 0.045 translate <0, 0.235, 0> }
        #declare I = 0;
        #while (I < 64)
            sphere { 0, 0.062 scale <1, 1, 0.8> translate <1.3, 0.215, 0> + <0.105, 0, 0> rotate y*360*I/64 }
            sphere { 0, 0.062 scale <1, 1, 0.8> translate <1.3, 0.215, 0> - <0.105, 0, 0> rotate y*360*I/64 }
            sphere { 0, 0.085 scale <0.75, 1.5, 0.8> translate <1.435, 0.0, 0> rotate y*(360*(I + 0.5)/64) }
            #declare I = I + 1;
        #end
        texture { Gold22 }
        translate y*0.235
    }
    #declare Band = function(x, z, r) { exp(-pow((sqrt(x*x + z*z) - 1.3)/r, 2)) }
    #declare Cover = function(x, z) { 0.62*Band(x, z, 0.17) + 0.36*Band(x - 0.16, z + 0.14, 0.42) }
    object { Bangle }
    Paper(rgb <0.34, 0.25, 0.14>)
    Studio()
    Look(<0, 5.4, -5.0>, <0, 0.05, -0.05>, 31)
    #break
#case (8) // ring, 22 karat gold with an emerald
    #declare Ring22 = union {
        torus { 0.86, 0.105 rotate x*90 scale <1, 1, 1.25> }
        #declare I = 0;
        #while (I < 4)
            #declare SX = 2*mod(I, 2) - 1;
            #declare SZ = 2*int(I/2) - 1;
            cone { <0.13*SX, 0.86, 0.05*SZ>, 0.07, <0.47*SX, 1.36, 0.33*SZ>, 0.055 }
            cylinder { <0.47*SX, 1.36, 0.33*SZ>, <0.455*SX, 1.47, 0.32*SZ>, 0.055 }
            sphere { 0, 0.06 scale <1.1, 0.8, 1.1> translate <0.445*SX, 1.475, 0.31*SZ> }
            #declare I = I + 1;
        #end
        texture { Gold22 }
        translate y*0.96
    }
    #declare Gem = object { Octagon(1.18, 0.9, 1.22) Crystal(1.58, 1, <0.0, 0.52, 0.22>, 0.2) }
    #declare Cover = function(x, z) {
        0.75*exp(-pow(x/0.3, 2) - pow(z/0.1, 2)) + 0.34*exp(-pow((x - 0.25)/0.75, 2) - pow((z + 0.05)/0.3, 2))
    }
    union {
        object { Ring22 }
        object { Gem scale 0.45 translate y*(0.96 + 1.36) }
        rotate y*24
    }
    Paper(rgb <0.34, 0.26, 0.16>)
    Studio()
    Look(<0, 5.6, -5.4>, <0.05, 1.28, 0>, 33)
    #break
#end
